"""Plain text (.txt, .md, text of a saved page) to blocks: hard-wrapped lines joined, tables found."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from pipelines.reading.blocks import Block, BlockKind
from pipelines.reading.grid import Grid, Line
from pipelines.reading.markers import marker
from pipelines.reading.pipes import split_tables

_SENTENCE_END = re.compile(r"[.!?;:…]['\"”)\]*]*\s*$")
_HEADING_MAX = 200


def text_blocks(text: str) -> list[Block]:
    """Blocks of a plain text in NFC, in reading order."""
    blocks: list[Block] = []
    table_no = 0
    parts = split_tables(text)
    wrap = _wrap_width(
        [line for sort, part in parts if sort == "lines" for line in part if isinstance(line, Line)]
    )
    for sort, part in parts:
        if sort == "table":
            table_no += 1
            blocks.extend(_table_blocks(text, part, table_no))  # type: ignore[arg-type]
        else:
            blocks.extend(_line_blocks(text, part, wrap))  # type: ignore[arg-type]
    return blocks


def _table_blocks(text: str, grid: Grid, table_no: int) -> list[Block]:
    width = max(len(row) for row in grid)
    return [
        Block(
            "table_cell",
            _one_line(text[cell.start : cell.end]),
            cell.start,
            cell.end,
            table_no=table_no,
            table_row=row_no,
            table_column=column_no,
            column_span=width if len(row) == 1 and width > 1 else 1,
        )
        for row_no, row in enumerate(grid, 1)
        for column_no, cell in enumerate(row, 1)
    ]


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


class _Wrap(NamedTuple):
    """Where the document's lines were broken by hand: usual length of a paragraph's first line and of the others."""

    first: int
    other: int


def _wrap_width(lines: list[Line]) -> _Wrap | None:
    """The widths of a hard-wrapped document, None where lines are whole paragraphs.

    A document is hard-wrapped when many lines that do not end a sentence go on in lower case
    on the next line. Saved pages often break the first line of a paragraph earlier.
    """
    filled = [line.text.strip() for line in lines if line.text.strip()]
    if len(filled) < 8:
        return None
    broken = sorted(
        len(line)
        for line, after in pairwise(filled)
        if len(line) >= 30 and not _SENTENCE_END.search(line) and after[:1].islower()
    )
    longest = sorted(len(line) for line in filled)[int(len(filled) * 0.95)]
    if len(broken) < 0.15 * len(filled) or longest > 140:
        return None
    return _Wrap(broken[int(len(broken) * 0.15)], int(broken[int(len(broken) * 0.9)] * 0.9))


def _line_blocks(text: str, lines: list[Line], wrap: _Wrap | None) -> list[Block]:
    blocks: list[Block] = []
    group: list[Line] = []

    def flush() -> None:
        if group:
            blocks.append(_block(text, group))
            group.clear()

    for line in lines:
        if not line.text.strip() or not re.search(r"\w", line.text):
            flush()
            continue
        if group and not (
            wrap and _goes_on([one.text.strip() for one in group[-2:]], line.text.strip(), wrap)
        ):
            flush()
        group.append(line)
    flush()
    return blocks


def _goes_on(lines: list[str], after: str, wrap: _Wrap) -> bool:
    """Whether `after` continues the sentence of the lines before it (the last two of a block so far).

    >>> _goes_on(["Căn cứ quyết định của"], "Thủ tướng Chính phủ", _Wrap(20, 40))
    True
    >>> _goes_on(["I. MỤC TIÊU"], "1. Quan điểm", _Wrap(20, 40))
    False
    """
    line = lines[-1]
    mark, level = marker(line)
    if marker(after)[0]:
        return False
    if line.isupper() and after.isupper():
        return True
    width = wrap.first if len(lines) == 1 else wrap.other
    if _SENTENCE_END.search(line):
        # A wrapped line may happen to end with a colon, a semicolon or an abbreviation.
        return after[:1].islower() and len(line) >= 0.9 * width
    if after[:1].islower() or after[:1] == "(" or after[:1].isdigit():
        return True
    if line.isupper() != after.isupper() or (mark and level < 6):
        return False
    return len(line) + 1 + len(after.split(" ", 1)[0]) >= width


def _block(text: str, lines: list[Line]) -> Block:
    first = lines[0].text
    start = lines[0].start + len(first) - len(first.lstrip())
    end = lines[-1].start + len(lines[-1].text.rstrip())
    raw = _one_line(text[start:end])
    mark, level = marker(raw)
    body = raw[len(mark) :] if mark else raw
    offset = len(raw) - len(body.lstrip()) if mark else 0
    body = raw[offset:]
    return Block(block_kind(body, level), body, start + offset, end, level=level, marker=mark)


def block_kind(body: str, level: int) -> BlockKind:
    """What a line without its marker is, by the marker's level and its words."""
    stripped = body.strip().rstrip("*").lstrip("*").strip()
    words_only = len(stripped) <= _HEADING_MAX and not stripped.endswith((".", ";", ","))
    if level == 1 or (words_only and stripped.isupper()):
        return "heading"
    if words_only and 1 <= level <= 5 and not re.search(r"[:]\s+\S", stripped):
        return "heading"
    return "list_item" if level else "paragraph"
