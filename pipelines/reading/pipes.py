"""Tables that a saved page left as text: one cell a line with "|" between, or "a | b | c" rows.

A run of cells comes without row ends, so the number of columns is found from the cells
themselves: it is the width at which columns are of one sort (row numbers, words, figures).
"""

from __future__ import annotations

import re
from collections import Counter

from pipelines.reading.bare_tables import split_bare_tables
from pipelines.reading.grid import Cell, Grid, Line, lines_of, span, trim
from pipelines.reading.markers import is_row_number

_FIGURE = re.compile(
    r"(?:[<>≥≤~±-]?\s*\d[\d.,]*\s*(?:%|[^\W\d_/]{0,12}(?:/\w+)?)?(?:\s*[-–]\s*\d[\d.,]*\s*%?)?|có|chưa|không|x|-|–|\.\.\.|…)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# The line of dashes below the header of a Markdown table.
_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?")
_MAX_WIDTH = 24
_FEWEST_FIGURES = 2


def split_tables(text: str) -> list[tuple[str, list[Line] | Grid]]:
    """The text's parts in order: ("lines", lines) and ("table", rows of cells).

    Bars that only lay out a letter head or signatures are dropped and their cells stay lines.
    """
    if "|" not in text:
        return split_bare_tables(lines_of(text))
    parts: list[tuple[str, list[Line] | Grid]] = []
    pending: list[Line] = []

    def flush() -> None:
        parts.extend(split_bare_tables(list(pending)))
        pending.clear()

    lines = lines_of(text)
    position = 0
    while position < len(lines):
        if not (lines[position].is_bar or lines[position].has_bar):
            pending.append(lines[position])
            position += 1
            continue
        start, end = _region(lines, position)
        before, grid, after = _read_region(text, pending, lines[start:end])
        if grid:
            pending[:] = before
            flush()
            parts.append(("table", grid))
            pending.extend(after)
        else:
            pending.extend(line for line in lines[start:end] if not line.is_bar)
        position = end
    flush()
    return parts


_GAP_BETWEEN_BARS = 8
_GAP_BETWEEN_ROWS = 2


def _region(lines: list[Line], first: int) -> tuple[int, int]:
    """The stretch of lines from `first` that may be one table.

    A cell may take a few lines between two bars; rows with cells side by side follow each
    other, with at most a caption or unit line between.
    """
    last = first
    for position in range(first + 1, len(lines)):
        line = lines[position]
        if lines[last].is_bar:
            if line.is_bar or line.has_bar:
                last = position
            elif position - last > _GAP_BETWEEN_BARS:
                break
        elif line.has_bar:
            if _heads_another(lines, first, last, position):
                break
            last = position
        elif line.is_bar or position - last > _GAP_BETWEEN_ROWS:
            break
    end = last + 1
    if lines[last].is_bar and end < len(lines) and _FIGURE.match(lines[end].text.strip()):
        # The last cell of a table may have no bar behind it.
        end += 1
    return first, end


def _heads_another(lines: list[Line], first: int, last: int, position: int) -> bool:
    """Whether a row behind an empty line heads another table: words and years, where figures have ended."""
    if (
        position == last + 1
        or position - first < 2
        or not all(line.has_bar for line in lines[first : last + 1])
    ):
        return False
    cells = [cell.strip() for cell in lines[position].text.strip(" |").split("|")]
    named = [cell for cell in cells if cell]
    return (
        len(named) > max(1, len(cells) // 2)
        and not any(_FIGURE.match(cell) and not _YEAR.fullmatch(cell) for cell in named)
        and any(_FIGURE.match(cell.strip()) for cell in lines[last].text.split("|")[1:])
    )


def _read_region(text: str, pending: list[Line], region: list[Line]) -> tuple[list[Line], Grid, list[Line]]:
    """(lines before, table or nothing, lines after) of one stretch of bars."""
    if any(line.is_bar for line in region):
        return _cells_one_a_line(text, pending, region)
    lines = [line for line in region if not _RULE.fullmatch(line.text)]
    is_framed = _is_framed(lines)
    rows = [_inline_cells(line, is_framed=is_framed) if line.has_bar else [trim(line)] for line in lines]
    if max(map(len, rows), default=0) < 2 or not _holds_figures(text, rows):
        return pending, [], []
    return pending, rows, []


def _holds_figures(text: str, rows: list[list[Cell]]) -> bool:
    """Whether two rows are mostly figures, or a column behind the first one is."""
    sorts = [[_sort(text[cell.start : cell.end]) for cell in row] for row in rows]
    full = sum(row[1:].count("f") >= max(1, (len(row) - 1) // 2) for row in sorts)
    if full >= _FEWEST_FIGURES:
        return True
    columns = ([row[at] for row in sorts if len(row) > at] for at in range(1, max(map(len, sorts))))
    return any(
        column.count("f") >= max(_FEWEST_FIGURES, (len(column) - column.count("")) // 2) for column in columns
    )


def _is_framed(lines: list[Line]) -> bool:
    """Whether the rows of a table stand between an opening and a closing bar; else a bar in front follows an empty cell."""
    barred = [line.text.strip() for line in lines if line.has_bar]
    return all(text.startswith("|") and text.endswith("|") for text in barred)


def _inline_cells(line: Line, *, is_framed: bool) -> list[Cell]:
    cells, position = [], line.start
    for piece in line.text.split("|"):
        stripped = piece.strip()
        offset = position + (piece.index(stripped) if stripped else 0)
        cells.append(Cell(offset, offset + len(stripped)))
        position += len(piece) + 1
    return cells[1:-1] if is_framed and len(cells) > 2 else cells


def _cells_one_a_line(
    text: str, pending: list[Line], region: list[Line]
) -> tuple[list[Line], Grid, list[Line]]:
    before = list(pending)
    while before and not before[-1].text.strip():
        before.pop()
    if not before:
        return pending, [], []
    first_line = before.pop()
    inline_at = next((i for i, line in enumerate(region) if line.has_bar), len(region))
    chunks: list[list[Line]] = [[first_line]]
    current: list[Line] = []
    for line in region[:inline_at]:
        if not line.is_bar:
            current.append(line)
        elif line is region[0]:
            continue
        else:
            chunks.append(current or [line])
            current = []
    if inline_at < len(region):
        return _header_above_rows(pending, before, chunks, current, region[inline_at:])
    found = _start_and_width([_words(text, chunk) for chunk in chunks])
    if not found:
        return pending, [], []
    skip, width = found
    if skip:
        lead = [line for chunk in chunks[:skip] for line in chunk if not line.is_bar]
        before = [*before, *lead, *chunks[skip][:-1]]
        chunks = [chunks[skip][-1:], *chunks[skip + 1 :]]
    if current and len(chunks) % width == width - 1:
        chunks, current = [*chunks, current], []
    cells = [span(chunk) for chunk in chunks]
    return before, [cells[i : i + width] for i in range(0, len(cells), width)], current


def _header_above_rows(
    pending: list[Line],
    before: list[Line],
    chunks: list[list[Line]],
    current: list[Line],
    rows: list[Line],
) -> tuple[list[Line], Grid, list[Line]]:
    """A header one cell a line above rows with cells side by side.

    The last header cell is what stands between the last bar and the first such row.
    """
    header = [span(chunk) for chunk in ([*chunks, current] if current else chunks)]
    is_framed = _is_framed(rows)
    grid = [_inline_cells(line, is_framed=is_framed) if line.has_bar else [trim(line)] for line in rows]
    width = Counter(len(row) for row in grid).most_common(1)[0][0]
    if len(header) < width:
        return pending, [], []
    extra = len(header) - width
    lead = [line for chunk in chunks[:extra] for line in chunk if not line.is_bar]
    return [*before, *lead], [header[extra:], *grid], []


def _words(text: str, chunk: list[Line]) -> str:
    cell = span(chunk)
    return text[cell.start : cell.end]


_MAX_SKIP = 12
_CELLS_LOOKED_AT = 600


def _start_and_width(cells: list[str]) -> tuple[int, int] | None:
    """(cells before the table, columns), or None where the cells are no table.

    >>> _start_and_width("TT Tên 2023 2024 1 A 5% 6% 2 B 7% 8%".split())
    (0, 4)
    >>> _start_and_width("Ký Tên TT Tên 2023 2024 1 A 5% 6% 2 B 7% 8%".split())
    (2, 4)
    """
    sorts = [_sort(cell) for cell in cells]
    if sorts.count("f") + sum(cell.strip().isdecimal() for cell in cells) < 3:
        return None
    cells, sorts = cells[:_CELLS_LOOKED_AT], sorts[:_CELLS_LOOKED_AT]
    best: tuple[float, int, int] | None = None
    for skip in range(min(_MAX_SKIP, len(cells) - 4) + 1):
        for width in range(2, min(_MAX_WIDTH, (len(cells) - skip) // 2) + 1):
            score = _regularity(cells[skip:], sorts[skip:], width)
            if best is None or score > best[0] + 1e-9:
                best = (score, skip, width)
    if best is None or best[0] < 0.8:
        return None
    return best[1], best[2]


def _sort(cell: str) -> str:
    """F figure, n row number, w words, nothing for an empty cell; a bare number is a figure."""
    stripped = cell.strip()
    if not stripped:
        return ""
    if _FIGURE.match(stripped):
        return "f"
    return "n" if is_row_number(stripped) else "w"


def _regularity(cells: list[str], sorts: list[str], width: int) -> float:
    """How far each column below the header holds cells of one sort, 0 to 1."""
    end = len(cells) - len(cells) % width
    if end < 2 * width:
        return 0.0
    agreed = total = 0
    for column in range(width):
        found = [sort for sort in sorts[width + column : end : width] if sort]
        if column == 0:
            found = [
                "n" if sort == "f" and is_row_number(cell) else sort
                for cell, sort in zip(cells[width:end:width], sorts[width:end:width], strict=True)
                if sort
            ]
        if found:
            total += len(found)
            agreed += max(found.count(sort) for sort in "fnw")
    header_words = (
        sum(sort == "w" or len(cells[i].split("\n")[-1]) > 3 for i, sort in enumerate(sorts[:width])) / width
    )
    complete = 1.0 if len(cells) % width == 0 else 0.9
    return (agreed / total if total else 0.0) * complete * (0.5 + header_words / 2)
