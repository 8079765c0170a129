"""What a person decides about a label, as one more line of the catalog: judged first, appended then.

Showing labels and counting what a line changes is the command's work; no database is known here.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from pipelines.matching.catalog import Catalog, CatalogError, load_catalog
from pipelines.matching.indicators import EXACT_ONLY, Alias, IndicatorMatcher, core
from pipelines.matching.normal_form import normal_form

ALIASES = "indicator_aliases.csv"
IGNORED = "ignored_labels.csv"

_YEAR = re.compile(r"(?<!\w)(?:(?:đến|hết|trong|cuối|tính đến|ước) )*năm (?:19|20)\d\d(?!\w)")
_WHOLE = re.compile(
    r"(?<!\w)(?:(?:trên|trong|của) )*(?:địa bàn )?(?:toàn|cả) (?:tỉnh|thành phố|huyện|xã|quốc|nước)(?!\w)"
)
_GAP = "\x00"
# What is left hanging once the name of a place is gone.
_BEFORE_GAP = re.compile(
    rf"(?:(?:^| )(?:trên địa bàn|địa bàn|trên|tại|ở|của|thuộc|trong|tỉnh|huyện|thành phố))+ ?{_GAP}"
)
_LINKS = "là|ước|đạt|được|có|gồm|chiếm|khoảng|trên|hơn|gần|dưới|tối thiểu|ít nhất"
_LEADING_LINKS = re.compile(rf"^(?:(?:{_LINKS}|đã|hiện|hiện nay|hiện có)(?: |$))+")
_TRAILING_LINKS = re.compile(rf"(?:(?:^| )(?:{_LINKS}|đạt được|của|tại|ở|và|với))+$")
_LONGEST_NAME = 7


class TeachingError(Exception):
    """A decision cannot become a line of the catalog; one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line for a file of the catalog, and what a person should know of it."""

    file: str
    cells: Mapping[str, str]
    note: str = ""
    is_there: bool = False


# --- an alias -----------------------------------------------------------------------------


def general_wording(label: str, catalog: Catalog) -> str:
    """A label without places, years and the verbs that join it to its figure.

    >>> from pipelines.settings import get_settings
    >>> catalog = load_catalog(get_settings().seeds_dir)
    >>> general_wording("Số camera an ninh trên địa bàn tỉnh Cà Mau năm 2024 là", catalog)
    'số camera an ninh'
    >>> general_wording("Số nhà văn hóa của huyện Vĩnh Lộc đạt", catalog)
    'số nhà văn hóa'
    """
    words = _without_places(_YEAR.sub(" ", normal_form(label)), catalog)
    words = " ".join(_WHOLE.sub(" ", words).split())
    return _TRAILING_LINKS.sub("", _LEADING_LINKS.sub("", core(words))).strip()


def _without_places(words: str, catalog: Catalog) -> str:
    names = catalog.place_names
    parts = words.split()
    kept: list[str] = []
    position = 0
    while position < len(parts):
        for length in range(min(_LONGEST_NAME, len(parts) - position), 0, -1):
            if " ".join(parts[position : position + length]) in names:
                kept.append(_GAP)
                position += length
                break
        else:
            kept.append(parts[position])
            position += 1
    joined = " ".join(kept)
    return " ".join(_BEFORE_GAP.sub(" ", joined).replace(_GAP, " ").split())


def alias_for(label: str, code: str, catalog: Catalog, indicators: IndicatorMatcher) -> Decision:
    """The line that makes a label a wording of an indicator.

    The wording is general where the catalog knows all of its words. Words that mean nothing to
    the catalog would be passed over, and the rest would fit far too much: the line then begins
    with "=" and fits only these very words, as does a label that is handed in with "=".
    Raises ``TeachingError`` where the line would be wrong.
    """
    shown = label.strip()
    if not normal_form(shown):
        sentence = "The label is empty; give the words of the label and the indicator as LABEL=CODE."
        raise TeachingError(sentence)
    if code not in catalog.indicators:
        nearest = ", ".join(name for name, _ in indicators.nearest(shown.removeprefix(EXACT_ONLY)))
        sentence = f"There is no indicator {code!r}; the nearest to this label are {nearest}."
        raise TeachingError(sentence)
    if normal_form(shown) in catalog.ignored_labels:
        sentence = f"{shown!r} is an ignored label; remove its line from data/seeds/{IGNORED} first."
        raise TeachingError(sentence)
    wording, unknown = _wording(shown, catalog, indicators)
    cells = {"alias": wording, "indicator_code": code}
    if _is_known(wording, code, catalog):
        return Decision(ALIASES, cells, f"{wording!r} is an alias of {code} already.", is_there=True)
    alias = indicators.alias(wording, code, None)
    for other, has_same_words in _rivals(alias, indicators):
        remedy = (
            "change its line if it is wrong"
            if has_same_words
            else f"'={core(shown)}' would fit only these very words"
        )
        sentence = (
            f"{wording!r} says the same as {other.text!r}, a wording of {other.code}, "
            f"which has the same unit ({other.unit}); {remedy}."
        )
        raise TeachingError(sentence)
    note = ""
    if unknown:
        words = ", ".join(map(repr, unknown))
        note = f"It fits only these very words, since synonyms.csv does not know {words}."
    return Decision(ALIASES, cells, note)


def _wording(label: str, catalog: Catalog, indicators: IndicatorMatcher) -> tuple[str, list[str]]:
    """(the wording as the file keeps it, the words that mean nothing to the catalog)."""
    if label.startswith(EXACT_ONLY):
        return EXACT_ONLY + core(label), []
    general = general_wording(label, catalog)
    tags = indicators.tagger.tags(general)
    if tags.concepts and not tags.unexplained:
        return general, []
    words = general.split()
    unknown = [
        word
        for number, word in enumerate(words)
        if indicators.tagger.tags(" ".join(words[:number] + words[number + 1 :])).unexplained
        < tags.unexplained
    ]
    # Words that only join say nothing by themselves either.
    return EXACT_ONLY + core(label), unknown or words


def _same_words(one: str, other: str) -> bool:
    return normal_form(one) == normal_form(other)


def _is_known(wording: str, code: str, catalog: Catalog) -> bool:
    return any(known == code and _same_words(text, wording) for text, known, _ in catalog.aliases)


def _rivals(alias: Alias, indicators: IndicatorMatcher) -> Iterator[tuple[Alias, bool]]:
    """Wordings of other indicators of the same unit that say the same, and whether with the same words."""
    exact = indicators.exact(alias.text, alias.unit)
    if exact is not None and exact.code != alias.code:
        yield exact, True
    if not alias.text.startswith(EXACT_ONLY):
        yield from (
            (other, False)
            for other in indicators.aliases_of(alias.unit)
            if other.code != alias.code and other.segment is None and other.required == alias.required
        )


# --- a label to pass over -----------------------------------------------------------------


def ignored_label(label: str, reason: str, catalog: Catalog) -> Decision:
    """The line that stops a label from waiting for review. Raises ``TeachingError`` where it may not."""
    shown = " ".join(label.split())
    key = normal_form(shown)
    if not key:
        sentence = "The label is empty; give the words of the label that is to be ignored."
        raise TeachingError(sentence)
    for text, code, _ in catalog.aliases:
        if normal_form(text) == key:
            sentence = f"{shown!r} is an alias of {code}; remove its line from data/seeds/{ALIASES} first."
            raise TeachingError(sentence)
    cells = {"label": shown, "reason": " ".join(reason.split()) or "not an indicator"}
    if key in catalog.ignored_labels:
        return Decision(IGNORED, cells, f"{shown!r} is an ignored label already.", is_there=True)
    return Decision(IGNORED, cells)


# --- writing ------------------------------------------------------------------------------


def append(decision: Decision, seeds_dir: Path) -> None:
    """Append a line to its file; everything else in the file stays as it is, byte for byte.

    Raises ``CatalogError`` where the catalog would be wrong with it; the file is as before then.
    """
    path = seeds_dir / decision.file
    before = path.read_bytes()
    text = before.decode("utf-8-sig")
    header = next(csv.reader(io.StringIO(text)))
    ending = "\r\n" if "\r\n" in text else "\n"
    line = io.StringIO()
    csv.writer(line, lineterminator=ending).writerow([decision.cells.get(column, "") for column in header])
    joint = "" if text.endswith("\n") else ending
    path.write_bytes(before + (joint + line.getvalue()).encode())
    try:
        load_catalog(seeds_dir)
    except CatalogError:
        path.write_bytes(before)
        raise


def with_decision(catalog: Catalog, decision: Decision) -> Catalog:
    """The catalog as it will be with one more alias."""
    added = (decision.cells["alias"], decision.cells["indicator_code"], None)
    return replace(catalog, aliases=(*catalog.aliases, added))


# --- what of the catalog is of no use -----------------------------------------------------


def unused_aliases(catalog: Catalog, winners: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(alias, indicator) pairs of the catalog by which no figure was recognised."""
    won = set(winners)
    return [(text, code) for text, code, _ in catalog.aliases if (text, code) not in won]


def unused_synonyms(catalog: Catalog, texts: Iterable[str]) -> list[tuple[str, str]]:
    """(wording, concept) pairs of the catalog that stand in none of these texts."""
    words = " ¦ ".join(f" {normal_form(text)} " for text in dict.fromkeys(texts))
    return [
        (wording, concept) for wording, concept in catalog.synonyms.items() if f" {wording} " not in words
    ]


def conflicting_aliases(indicators: IndicatorMatcher, units: Iterable[str]) -> list[tuple[Alias, Alias]]:
    """Pairs of aliases that say the same, with the same unit, of two indicators: neither can win alone."""
    found = []
    for unit in units:
        same: dict[tuple[frozenset[str], str | None], list[Alias]] = defaultdict(list)
        for alias in indicators.aliases_of(unit):
            same[alias.required, alias.segment].append(alias)
        for group in same.values():
            found += [(one, other) for one, other in combinations(group, 2) if one.code != other.code]
    return found
