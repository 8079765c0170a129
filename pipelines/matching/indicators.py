"""Labels to indicators.

An alias matches a label when the label holds every concept of the alias and no other concept
that would change the meaning. The most specific alias wins; a tie is no match but a question
for review. The words that a figure stands with are tried from the nearest to the farthest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipelines.matching.catalog import Catalog
from pipelines.matching.concepts import Tagger, Tags
from pipelines.matching.normal_form import normal_form

_OPTIONAL = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Alias:
    """One wording of an indicator as concepts."""

    text: str
    code: str
    unit: str
    segment: str | None
    required: frozenset[str]
    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator found for a label, how, and how sure."""

    code: str
    matched_by: str
    confidence: float
    segment: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a figure, by where they stand."""

    attach: str
    left: str
    right: str
    context: str
    heading: str


class IndicatorMatcher:
    """Finds the indicators that a statement's words name, for one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.tagger = Tagger(catalog)
        self.catalog = catalog
        self._aliases: dict[str, list[Alias]] = {}
        self._exact: dict[tuple[str, str], Alias] = {}
        for text, code, segment in catalog.aliases:
            alias = self._alias(text, code, segment)
            self._aliases.setdefault(alias.unit, []).append(alias)
            self._exact[normal_form(_OPTIONAL.sub(" ", text)), alias.unit] = alias
        for indicator in catalog.indicators.values():
            if indicator.name_vi:
                self._exact.setdefault(
                    (normal_form(indicator.name_vi), indicator.unit), self._alias(indicator.name_vi, indicator.code, None)
                )
        self.matches = lru_cache(maxsize=200_000)(self._matches)
        self._names = [(normal_form(i.name_vi), i.code) for i in catalog.indicators.values() if i.name_vi]
        self._names += [(normal_form(text.replace("[", "").replace("]", "")), code) for text, code, _ in catalog.aliases]

    def _alias(self, text: str, code: str, segment: str | None) -> Alias:
        optional = frozenset(c for part in _OPTIONAL.findall(text) for c in self.tagger.tags(part).concepts)
        required = frozenset(self.tagger.tags(_OPTIONAL.sub(" ", text)).concepts)
        allowed = self.tagger.closure(required | optional)
        return Alias(text, code, self.catalog.indicators[code].unit, segment, required, allowed)

    def _matches(self, words: Words, unit: str) -> tuple[Match, ...]:
        """Every indicator that the words name (two where one value serves two), or none."""
        bare = self.tagger.tags(f"{words.left} ¦ {words.right}")
        for own, support, base in _hypotheses(words):
            if not own.strip(" ,;:()¦") or (own.startswith(words.context) and words.context and bare.unexplained > 1):
                continue
            exact = self._exact.get((normal_form(own), unit))
            if exact is not None:
                return (Match(exact.code, "alias", 0.98, exact.segment, own),)
            tags = self.tagger.tags(own)
            supporting = frozenset(self.tagger.tags(support).concepts) if support else frozenset[str]()
            found = self._best(tags, supporting, unit)
            if found:
                return tuple(
                    Match(
                        alias.code,
                        "context" if support else ("shared_value" if len(found) > 1 else "synonyms"),
                        round(max(0.3, base - _doubt(tags)), 2),
                        alias.segment,
                        own,
                    )
                    for alias in found
                )
        return ()

    def _best(self, tags: Tags, support: frozenset[str], unit: str) -> list[Alias]:
        own = frozenset(tags.concepts)
        if not own or (tags.unexplained > 6 and tags.unexplained > 0.5 * tags.words):
            return []
        closed_own = self.tagger.closure(own)
        closed = self.tagger.closure(own | support)
        blocking = frozenset(c for c in own if self.tagger.blocks(c))
        candidates = [
            alias
            for alias in self._aliases.get(unit, ())
            if alias.required and alias.required <= closed and (not support or alias.required & closed_own)
        ]
        fitting = [alias for alias in candidates if blocking <= alias.allowed]
        if support:
            fitting = [a for a in fitting if not (a.required <= closed_own) and self._subject_agrees(a, own, support)]
        if fitting:
            return self._most_specific(fitting, own, support)
        return [] if support else self._shared(candidates, own, blocking)

    def _subject_agrees(self, alias: Alias, own: frozenset[str], support: frozenset[str]) -> bool:
        """Words taken over may complete a label, but not give it another subject."""
        subjects = {c for c in own if self.tagger.is_subject(c)}
        return not subjects or bool(subjects & alias.required)

    def _most_specific(self, aliases: list[Alias], own: frozenset[str], support: frozenset[str]) -> list[Alias]:
        def weight(alias: Alias) -> float:
            named = len(alias.required & (own | support))
            implied = len(alias.required) - named
            return named + 0.6 * implied + 0.3 * len((alias.allowed - alias.required) & own) + (0.2 if alias.segment else 0)

        best = max(weight(alias) for alias in aliases)
        winners = {alias.code: alias for alias in aliases if weight(alias) >= best - 1e-9}
        return list(winners.values()) if len(winners) == 1 else []

    def _shared(self, candidates: list[Alias], own: frozenset[str], blocking: frozenset[str]) -> list[Alias]:
        """Two indicators that share one value: "99% thôn phủ sóng di động và cố định"."""
        subjects = {c for c in own if self.tagger.is_subject(c)}
        usable = [a for a in candidates if a.required <= self.tagger.closure(own) and subjects & a.required]
        for i, first in enumerate(usable):
            for second in usable[i + 1 :]:
                if first.code == second.code or not (subjects & first.required & second.required):
                    continue
                left, right = first.required - second.required, second.required - first.required
                if left and right and blocking <= first.allowed | second.allowed:
                    return [first, second]
        return []

    def nearest(self, label: str, limit: int = 3) -> list[tuple[str, float]]:
        """The indicators whose names come nearest to a label, with a score from 0 to 1."""
        wanted = normal_form(label)
        found = process.extract(wanted, [name for name, _ in self._names], scorer=fuzz.token_set_ratio, limit=12)
        result: dict[str, float] = {}
        for _, score, index in found:
            result.setdefault(self._names[index][1], round(score / 100, 3))
        return list(result.items())[:limit]


def _doubt(tags: Tags) -> float:
    """How much the words that meant nothing take from the confidence."""
    return min(0.4, 0.03 * max(0, tags.unexplained - 1))


def _hypotheses(words: Words) -> list[tuple[str, str, float]]:
    """(label, words that may complete it, confidence) from the likeliest on."""
    left, right, context, heading = words.left, words.right, words.context, words.heading
    both = f"{left} ¦ {right}"
    if words.attach == "table":
        return [
            (left, "", 0.97),
            (both, "", 0.95),
            (left, context, 0.9),
            (both, context, 0.88),
            (f"{left} ¦ {heading}", "", 0.85),
            (f"{both} ¦ {heading}", "", 0.85),
            (f"{left} ¦ {context} ¦ {heading}", "", 0.8),
        ]
    if words.attach == "right":
        own = [(right, "", 0.95), (both, "", 0.9)]
    elif words.attach == "both":
        own = [(both, "", 0.92), (right, "", 0.88), (left, "", 0.85)]
    else:
        own = [(left, "", 0.96), (both, "", 0.88)]
    own += [(right, "", 0.85)] if words.attach == "left" else []
    taken = []
    if context:
        taken = [(part, context, 0.82) for part in (left, right, both) if part] + [(f"{context} ¦ {both}", "", 0.8)]
    if heading:
        taken += [(part, heading, 0.7) for part in (both,)]
    return own + taken
