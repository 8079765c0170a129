"""Lines and cells of a text as spans into it, for tables that text left without markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document's text without its line end; offsets into that text."""

    text: str
    start: int
    end: int

    @property
    def is_bar(self) -> bool:
        """A line that holds nothing but the cell separator."""
        return self.text.strip() == "|"

    @property
    def has_bar(self) -> bool:
        """A line with cells side by side."""
        return "|" in self.text and not self.is_bar


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's place in the document's text; an empty cell has start == end."""

    start: int
    end: int


Grid = list[list[Cell]]


def lines_of(text: str) -> list[Line]:
    """Lines with their offsets, blank ones included."""
    lines, position = [], 0
    for piece in text.split("\n"):
        lines.append(Line(piece, position, position + len(piece)))
        position += len(piece) + 1
    return lines


def trim(line: Line) -> Cell:
    """A line's words as a cell."""
    stripped = line.text.strip()
    offset = line.start + (line.text.index(stripped) if stripped else 0)
    return Cell(offset, offset + len(stripped))


def span(lines: Sequence[Line]) -> Cell:
    """The cell that these lines hold; a lone bar is an empty cell where the bar stands."""
    filled = [line for line in lines if line.text.strip() and not line.is_bar]
    if not filled:
        return Cell(lines[0].start, lines[0].start)
    return Cell(trim(filled[0]).start, trim(filled[-1]).end)
