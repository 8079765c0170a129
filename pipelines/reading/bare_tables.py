"""Tables that text left without any bar: years over columns of figures, or one cell a line.

Only what is plain from the figures themselves becomes a table: a header of years over rows of as
many figures, or years that are each followed by as many lines of one figure. Tables with bars
between their cells are read in pipes.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.reading.grid import Cell, Grid, Line, span, trim

_YEAR_TEXT = r"(?:(?:sơ bộ|ước(?: tính| thực hiện| TH)?|thực hiện|kế hoạch|TH|KH|năm|prel\.?|estimate)[\s–-]*)*(?:(?:tháng\s)?(?:0?[1-9]|1[0-2])/)?(?:19|20)\d\d"
_YEAR = re.compile(_YEAR_TEXT, re.IGNORECASE)
_YEARS = re.compile(
    rf"(?P<words>(?:[^\W\d]\D*?)??)\s*(?P<years>{_YEAR_TEXT}(?:\s+{_YEAR_TEXT})+)", re.IGNORECASE
)
_VALUE_TEXT = r"(?:\d[\d.,]*(?:\s?%)?|[-–]|\.{3}|…)"
_VALUE = re.compile(_VALUE_TEXT)
# The header once more in English: "Dec-06 Jan-07".
_ENGLISH_MONTHS = re.compile(r"(?:[A-Z][a-z]{2}[-/. ]?\d{2,4}\s*)+")
_PART_WORDS = re.compile(r"(?:chia ra|trong đó|of which|\W)+", re.IGNORECASE)
_UNIT_LINE = re.compile(
    r"(?:ĐVT|đơn vị|thuê bao|người|hộ|trạm|máy|nghìn|triệu|%)(?!\w)[^\d]{0,40}", re.IGNORECASE
)
_TRANSLATION = re.compile(
    r"(?=[ -~]+$).*(?<![a-z])(?:total|of which|number|(?:tele|mobi-?)?phones?|mobile|sub?s?cribers?|index|unit|urban|rural)(?![a-z]).*",
    re.IGNORECASE,
)
_LONGEST_NAME = 80
_FEWEST_ROWS = 2
_MOST_COLUMNS = 12
_MOST_HEADER_LINES = 24


def split_bare_tables(lines: list[Line]) -> list[tuple[str, list[Line] | Grid]]:
    """Lines as parts in order: ("lines", lines) and ("table", rows of cells).

    >>> text = ["Thuê bao", "2021 2022", "Di động 10 20", "Cố định 5 4"]
    >>> [kind for kind, _ in split_bare_tables([Line(t, 0, len(t)) for t in text])]
    ['lines', 'table']
    """
    parts: list[tuple[str, list[Line] | Grid]] = []
    pending: list[Line] = []
    position = 0
    while position < len(lines):
        found = _under_years(lines, position) or _one_cell_a_line(lines, position, pending)
        if found is None:
            pending.append(lines[position])
            position += 1
            continue
        grid, header_lines, position = found
        if header_lines:
            del pending[-header_lines:]
        if pending:
            parts.append(("lines", pending))
        parts.append(("table", grid))
        pending = []
    if pending:
        parts.append(("lines", pending))
    return parts


_Found = tuple[Grid, int, int]


def _under_years(lines: Sequence[Line], first: int) -> _Found | None:
    """(rows, 0, the line behind them) of a table whose header is the line of years at `first`."""
    text = lines[first].text.strip()
    # Its last word is a year; asking that first spares long paragraphs the search for one.
    header = _YEARS.fullmatch(text) if text[-2:].isdigit() else None
    if header is None:
        return None
    offset = lines[first].start + lines[first].text.index(text)
    years = [
        Cell(offset + header.start("years") + y.start(), offset + header.start("years") + y.end())
        for y in _YEAR.finditer(header.group("years"))
    ]
    words = Cell(offset + header.start("words"), offset + header.end("words"))
    row = re.compile(rf"(?P<label>\D.*?)\s+(?P<values>{_VALUE_TEXT}(?:\s+{_VALUE_TEXT}){{{len(years) - 1}}})")
    grid: Grid = [[words, *years]]
    end, value_rows, names = first + 1, 0, 0
    for position in range(first + 1, len(lines)):
        text = lines[position].text.strip()
        if not text or (value_rows == 0 and _ENGLISH_MONTHS.fullmatch(text)):
            continue
        found = row.fullmatch(text)
        if found is not None and not re.search(r"\d\s*$", found.group("label")):
            grid.append(_cells(lines[position], found))
            end, value_rows, names = position + 1, value_rows + 1, 0
        elif names == 0 and len(text) <= _LONGEST_NAME and not re.search(r"\d|[.;:]$", text):
            grid.append([trim(lines[position])])
            names += 1
        else:
            break
    if names:
        del grid[-names:]
    return (grid, 0, end) if value_rows >= _FEWEST_ROWS else None


def _cells(line: Line, found: re.Match[str]) -> list[Cell]:
    offset = line.start + line.text.index(line.text.strip())
    values = offset + found.start("values")
    return [
        Cell(offset, offset + found.end("label")),
        *(
            Cell(values + value.start(), values + value.end())
            for value in _VALUE.finditer(found.group("values"))
        ),
    ]


def _one_cell_a_line(lines: Sequence[Line], first: int, before: Sequence[Line]) -> _Found | None:
    """(rows, lines of `before` that are its header, the line behind it) of years each followed by figures.

    Groups of such rows under a line or two of words ("Chỉ số phát triển") belong to the same table.
    """
    rows, end = _year_rows(lines, first)
    if len(rows) < _FEWEST_ROWS:
        return None
    width = len(rows[0])
    header = _header(before, width - 1)
    if header is None:
        return None
    names, unit, header_lines = header
    grid: Grid = [[Cell(names[0].start, names[0].start), *names], *([unit] if unit else []), *rows]
    while True:
        words, following = _words_from(lines, end)
        more, further = _year_rows(lines, following)
        if not words or len(more) < _FEWEST_ROWS or len(more[0]) != width:
            return grid, header_lines, end
        grid += [[span(words)], *more]
        end = further


def _year_rows(lines: Sequence[Line], first: int) -> tuple[list[list[Cell]], int]:
    """Rows of a year and the figures below it, all of the first row's length, and the line behind them."""
    rows: list[list[Cell]] = []
    end = position = first
    row: list[Cell] = []
    while position <= len(lines):
        text = lines[position].text.strip() if position < len(lines) else "."
        if text and not (row and _VALUE.fullmatch(text) and not _YEAR.fullmatch(text)):
            if row:
                if len(row) < 2 or len(row) > _MOST_COLUMNS or (rows and len(row) != len(rows[0])):
                    break
                rows.append(row)
                end = position
            if not _YEAR.fullmatch(text):
                break
            row = [trim(lines[position])]
        elif text:
            row.append(trim(lines[position]))
        position += 1
    return rows, end


def _words_from(lines: Sequence[Line], first: int) -> tuple[list[Line], int]:
    """Up to three filled lines that begin with words, and the line behind them."""
    words: list[Line] = []
    position = first
    while position < len(lines) and len(words) <= 3:
        text = lines[position].text.strip()
        if text and (_YEAR.fullmatch(text) or not text[0].isalpha()):
            break
        if text:
            words.append(lines[position])
        position += 1
    return (words, position) if len(words) <= 3 else ([], first)


def _header(before: Sequence[Line], columns: int) -> tuple[list[Cell], list[Cell] | None, int] | None:
    """(names of the columns, a line with their unit, how many lines they take) right above the figures.

    A translation goes with the name before it, "Chia ra" with the name behind it.
    """
    unit: list[Cell] | None = None
    names: list[list[Line]] = []
    taken = 0
    for line in reversed(before[-_MOST_HEADER_LINES:]):
        text = line.text.strip()
        is_complete = len(names) == columns and not _is_translation(names[-1][0])
        if is_complete and not _PART_WORDS.fullmatch(text or "x"):
            break
        taken += 1
        if not text:
            continue
        if len(text) > _LONGEST_NAME or re.search(r"\d", text):
            return None
        if unit is None and not names and _UNIT_LINE.fullmatch(text):
            unit = [trim(line)]
        elif names and (_PART_WORDS.fullmatch(text) or _is_translation(names[-1][0])):
            names[-1].insert(0, line)
        else:
            names.append([line])
    if len(names) < columns or any(_is_translation(name[0]) for name in names):
        return None
    return [span(name) for name in reversed(names)], unit, taken


def _is_translation(line: Line) -> bool:
    """Whether a line says in English what the line above it says."""
    text = line.text.strip()
    return bool(_TRANSLATION.fullmatch(text)) and not _PART_WORDS.fullmatch(text)
