"""Automatic numbering of Word: the marker that a list paragraph shows but does not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.reading.packaging import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered: `shown` is Word's pattern, such as "%1.%2."."""

    number_format: str = "decimal"
    shown: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """The document's lists and how far each has counted."""

    levels: dict[str, list[Level]] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)

    def marker(self, list_id: str, depth: int) -> str:
        """The marker of the next paragraph of a list; counts it. Nothing for an unknown list."""
        levels = self.levels.get(list_id)
        if levels is None or not 0 <= depth < len(levels):
            return ""
        counts = self.counts.setdefault(list_id, [0] * _LEVELS)
        level = levels[depth]
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        if level.number_format == "bullet":
            return "-"
        if level.number_format == "none":
            return ""

        def number(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            if not 0 <= at < len(levels):
                return ""
            return numeral(counts[at] or levels[at].start, levels[at].number_format)

        return re.sub(r"%(\d)", number, level.shown)


def read_numbering(root: Element | None) -> Numbering:
    """The lists of word/numbering.xml."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract: dict[str, list[Level]] = {}
    for node in root.findall(f"{W}abstractNum"):
        levels = [Level()] * _LEVELS
        for level in node.findall(f"{W}lvl"):
            depth = _number(level.get(f"{W}ilvl"), 0)
            if 0 <= depth < _LEVELS:
                levels[depth] = Level(
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    _number(_value(level, "start"), 1),
                )
        abstract[node.get(f"{W}abstractNumId") or ""] = levels
    for node in root.findall(f"{W}num"):
        found = abstract.get(_value(node, "abstractNumId") or "")
        if found is not None:
            numbering.levels[node.get(f"{W}numId") or ""] = found
    return numbering


def _value(node: Element, tag: str) -> str | None:
    child = node.find(f"{W}{tag}")
    return child.get(f"{W}val") if child is not None else None


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 6 else default


def numeral(number: int, number_format: str) -> str:
    """A number as Word shows it.

    >>> [numeral(4, name) for name in ("decimal", "lowerLetter", "upperRoman")]
    ['4', 'd', 'IV']
    """
    if number_format in {"lowerLetter", "upperLetter"}:
        letters = chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 20)
        return letters if number_format == "lowerLetter" else letters.upper()
    if number_format in {"lowerRoman", "upperRoman"} and 0 < number < 400:
        roman = ""
        for value, sign in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):  # fmt: skip
            roman += sign * (number // value)
            number %= value
        return roman if number_format == "upperRoman" else roman.lower()
    return str(number)
