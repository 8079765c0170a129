"""Words to concepts: the synonyms of the catalog make one alias cover many wordings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.matching.catalog import Catalog, Concept
from pipelines.matching.normal_form import normal_form

_NOTHING = ""
# Roman numerals are none.
_ABBREVIATION = re.compile(r"(?<!\w)(?![IVX]+(?!\w))[^\W\d_a-z]{3,}(?!\w)")


def _abbreviations(text: str) -> frozenset[str]:
    """Words in capitals outside brackets, in lower case; none where the whole text is in capitals.

    >>> sorted(_abbreviations("Tốc độ BRDĐ (GPON) quý III đạt")), sorted(_abbreviations("HẠ TẦNG SỐ"))
    (['brdđ'], [])
    """
    mixed = " ".join(part for part in text.split("¦") if not _is_in_capitals(part))
    outside = re.sub(r"\([^()]*\)", " ", mixed)
    return frozenset(word.lower() for word in _ABBREVIATION.findall(outside) if word.isupper())


def _is_in_capitals(text: str) -> bool:
    """Whether most words stand in capitals, as in a heading."""
    words = [word for word in text.split() if word[:1].isalpha()]
    return sum(word.isupper() for word in words) > len(words) / 2


@dataclass(frozen=True, slots=True)
class Tags:
    """The concepts of some words: those that count, in order, and how many words meant nothing."""

    concepts: tuple[str, ...]
    unexplained: int
    words: int
    scopes: tuple[tuple[str, str], ...]
    has_unknown_abbreviation: bool = False


def _stands_at(words: list[str], position: int, wording: tuple[str, ...]) -> bool:
    return tuple(words[position : position + len(wording)]) == wording


class Tagger:
    """Reads words as concepts, the longest wording first."""

    def __init__(self, catalog: Catalog) -> None:
        self.concepts: dict[str, Concept] = catalog.concepts
        self._wordings: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        known = (*catalog.province_names, *(alias for alias, _, _ in catalog.unit_aliases))
        names = {normal_form(name): _NOTHING for name in known}
        for wording, concept in (names | catalog.synonyms).items():
            words = tuple(wording.split())
            if words:
                self._wordings.setdefault(words[0], []).append((words, concept))
        for entries in self._wordings.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        self.tags = lru_cache(maxsize=100_000)(self._tags)

    def _tags(self, text: str) -> Tags:
        words = normal_form(text).split()
        found: list[str] = []
        scopes: list[tuple[str, str]] = []
        unexplained = 0
        strange = False
        capitals = _abbreviations(text)
        position = 0
        while position < len(words):
            entry = self._wording_at(words, position)
            if entry is None:
                if not words[position].isdecimal():
                    unexplained += 1
                    strange = strange or words[position] in capitals
                position += 1
                continue
            wording, concept = entry
            role = self.concepts[concept].role if concept != _NOTHING else "neutral"
            if role == "composite":
                found.extend(self.concepts[concept].implies)
            if role.startswith("segment") or role in {"operator", "zone", "sector", "country"}:
                scopes.append((concept, " ".join(wording)))
            if role in {"subject", "essential", "foreign", "optional", "zone"} or (
                role.startswith("segment") and self.concepts[concept].implies
            ):
                found.append(concept)
            position += len(wording)
        return Tags(tuple(self._enumerations(found)), unexplained, len(words), tuple(scopes), strange)

    def _wording_at(self, words: list[str], position: int) -> tuple[tuple[str, ...], str] | None:
        """The longest wording at a position, unless its last word begins one that goes on: "có điện | thoại"."""
        for wording, concept in self._wordings.get(words[position], ()):
            end = position + len(wording)
            if not _stands_at(words, position, wording):
                continue
            following = (
                self._wordings.get(words[end - 1], ()) if len(wording) > 1 and end < len(words) else ()
            )
            if any(len(other) > 1 and _stands_at(words, end - 1, other) for other, _ in following):
                continue
            return wording, concept
        return None

    def _enumerations(self, concepts: list[str]) -> list[str]:
        """Neighbours that enumerate kinds of one thing ("3G, 4G") become that thing."""
        result: list[str] = []
        for concept in concepts:
            group = self.concepts[concept].enumerates_as
            if group and result:
                last = result[-1]
                if last == group or (self.concepts[last].enumerates_as == group and last != concept):
                    result[-1] = group
                    continue
            result.append(concept)
        absorbed = {other for concept in result for other in self.concepts[concept].absorbs}
        return [concept for concept in result if concept not in absorbed]

    def closure(self, concepts: frozenset[str]) -> frozenset[str]:
        """The concepts and all they imply."""
        result = set(concepts)
        pending = list(concepts)
        while pending:
            for implied in self.concepts[pending.pop()].implies:
                if implied not in result:
                    result.add(implied)
                    pending.append(implied)
        return frozenset(result)

    def rules_out(self, concept: str, allowed: frozenset[str]) -> bool:
        """Whether a concept of a label rules out an alias that allows only these concepts.

        "4G" beside fibre speaks of mobile networks: an alias of fibre alone does not fit.
        """
        if concept in allowed:
            return False
        known = self.concepts[concept]
        if known.role == "optional":
            return bool(known.implies) and not set(known.implies[:1]) & allowed
        return self.blocks(concept)

    def blocks(self, concept: str) -> bool:
        """Whether a concept in a label that an alias does not mention rules the alias out."""
        role = self.concepts[concept].role
        return role in {"subject", "essential", "foreign", "zone"}

    def is_foreign(self, text: str) -> bool:
        """Whether words speak of networks that are none of ours: electricity, roads, water."""
        return any(self.concepts[concept].role == "foreign" for concept in self.tags(text).concepts)

    def is_subject(self, concept: str) -> bool:
        """Whether a concept says whose figure it is (households, villages, subscriptions)."""
        return self.concepts[concept].role == "subject"
