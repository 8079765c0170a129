"""Pages of placed lines and tables to blocks: wrapped lines joined, tables carried over page breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.reading.content import Content, TableCell
from pipelines.reading.markers import is_row_number, marker

_SENTENCE_END = re.compile(r"[.!?;:…]['\"”)\]*]*\s*$")
_PAGE_NUMBER = re.compile(r"(?:(?:trang|page)\s*)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*/\s*\d{1,4})?$", re.IGNORECASE)
_MARGIN = 0.09


@dataclass(slots=True)
class PlacedLine:
    """A line of text where it stands on the page; coordinates grow to the right and down."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    confidence: float | None = None


@dataclass(slots=True)
class PlacedTable:
    """A table where it stands; `columns` are the places of its vertical lines."""

    columns: tuple[float, ...]
    cells: list[TableCell]
    top: float


@dataclass(slots=True)
class Page:
    """One page in reading order; `number` counts from 1."""

    number: int
    width: float
    height: float
    items: list[PlacedLine | PlacedTable] = field(default_factory=list)


def add_pages(pages: Sequence[Page], content: Content) -> None:
    """Blocks of all pages."""
    furniture = _furniture(pages)
    margins = _right_margins(pages)
    pitch = _line_pitch(pages)
    paragraph: list[tuple[PlacedLine, Page]] = []
    table: list[tuple[PlacedTable, Page]] = []

    def end_paragraph() -> None:
        if paragraph:
            known = [line.confidence for line, _ in paragraph if line.confidence is not None]
            content.add_line(
                " ".join(line.text for line, _ in paragraph),
                page=paragraph[0][1].number,
                confidence=round(min(known), 3) if known else None,
            )
            paragraph.clear()

    def end_table() -> None:
        if table:
            content.add_table(_joined([(part, page.number) for part, page in table]))
            table.clear()

    for page in pages:
        for item in page.items:
            if isinstance(item, PlacedTable):
                end_paragraph()
                if table and not (table[-1][1] is not page and _same_columns(table[-1][0], item, page)):
                    end_table()
                table.append((item, page))
                continue
            if _is_furniture(item, page, furniture):
                continue
            end_table()
            if paragraph and not _goes_on(
                [line for line, _ in paragraph], paragraph[-1][1], item, page, margins, pitch
            ):
                end_paragraph()
            paragraph.append((item, page))
    end_paragraph()
    end_table()


def _edge(line: PlacedLine, page: Page) -> bool:
    return line.bottom < _MARGIN * page.height or line.top > (1 - _MARGIN) * page.height


def _furniture(pages: Sequence[Page]) -> set[str]:
    """Lines at the edge of three pages or more: running heads and feet."""
    seen = Counter(
        text
        for page in pages
        for text in {
            re.sub(r"\d+", "0", item.text)
            for item in page.items
            if isinstance(item, PlacedLine) and _edge(item, page)
        }
    )
    return {text for text, count in seen.items() if count >= 3}


def _is_furniture(line: PlacedLine, page: Page, furniture: set[str]) -> bool:
    if not _edge(line, page):
        return False
    return bool(_PAGE_NUMBER.match(line.text.strip())) or re.sub(r"\d+", "0", line.text) in furniture


def _right_margins(pages: Sequence[Page]) -> dict[int, float]:
    """Where lines end, by the width of the page."""
    ends: dict[int, list[float]] = {}
    for page in pages:
        ends.setdefault(round(page.width), []).extend(
            item.right for item in page.items if isinstance(item, PlacedLine)
        )
    return {
        width: sorted(found)[min(len(found) - 1, int(len(found) * 0.97))]
        for width, found in ends.items()
        if found
    }


def _line_pitch(pages: Sequence[Page]) -> float:
    """How far apart the lines of a paragraph are, in line heights: the commonest step from line to line."""
    steps: Counter[float] = Counter()
    for page in pages:
        for line, after in pairwise(page.items):
            if isinstance(line, PlacedLine) and isinstance(after, PlacedLine):
                step = (after.top - line.top) / max(line.bottom - line.top, 1.0)
                if 0.6 < step < 2.6:
                    steps[round(step * 20) / 20] += 1
    if not steps:
        return 1.0
    most = max(steps.values())
    return min(step for step, count in steps.items() if count >= 0.4 * most)


def _goes_on(
    lines: list[PlacedLine],
    page: Page,
    after: PlacedLine,
    next_page: Page,
    margins: dict[int, float],
    pitch: float,
) -> bool:
    """Whether a line continues the paragraph: the one before reaches the margin as far as words allow."""
    line = lines[-1]
    text = after.text.strip()
    so_far = " ".join(one.text for one in lines[-6:])
    open_bracket = so_far.count("(") > so_far.count(")")
    # "2023" and "- 2025" on the next line are a period, and what stands in brackets is no list.
    is_period = re.match(r"[-–]\s*\d", text) is not None and line.text.rstrip()[-1:].isdigit()
    if marker(text)[0] and not (open_bracket or is_period):
        return False
    height = max(line.bottom - line.top, 1.0)
    per_letter = (line.right - line.left) / max(1, len(line.text))
    if page is next_page:
        if not 0 < after.top - line.top < 1.3 * pitch * height:
            return False
        if after.right <= line.left or after.left >= line.right:
            return False
        is_marked = len(lines) == 1 and bool(marker(line.text.strip())[0])
        if (
            after.left > line.left + 2 * per_letter
            and after.left < line.left + 12 * per_letter
            and not is_marked
        ):
            return False
    elif _SENTENCE_END.search(line.text):
        return False
    size = (after.bottom - after.top) / height
    if not 0.7 < size < 1.4:
        return False
    is_title = text.isupper() and len(text) > 12
    if (
        line.text.isupper() != is_title
        and not (text[:1].islower() or text[:1].isdigit())
        and (is_title or line.text.isupper())
    ):
        return False
    first_word = text.split(" ", 1)[0]
    margin = margins.get(round(page.width), page.width)
    reaches = line.right + per_letter * (len(first_word) + 1) >= margin - 1.5 * per_letter
    if reaches:
        return True
    # A centred title is broken where its author liked.
    return (
        bool(text[:1].islower())
        and not _SENTENCE_END.search(line.text)
        and abs(after.left - line.left) > 2 * per_letter
    )


def _same_columns(above: PlacedTable, below: PlacedTable, page: Page) -> bool:
    return len(above.columns) == len(below.columns) and all(
        abs(one - other) <= 0.02 * page.width for one, other in zip(above.columns, below.columns, strict=True)
    )


def _joined(parts: list[tuple[PlacedTable, int]]) -> list[TableCell]:
    """The cells of a table that runs over pages; a row broken by the page is one row."""
    cells: list[TableCell] = []
    for number, (part, page) in enumerate(parts):
        last_row = max((cell.row for cell in cells), default=0)
        own = sorted(part.cells, key=lambda cell: (cell.row, cell.column))
        for cell in own:
            cell.page = page
        if number and own:
            own = _without_header(cells, own)
            first = min((cell.row for cell in own), default=1)
            row = [cell for cell in own if cell.row == first]
            before = [cell for cell in cells if cell.row == last_row]
            if _continues(before, row):
                for cell in row:
                    match = next((one for one in before if one.column == cell.column), None)
                    if match is not None and cell.text.strip():
                        match.text = f"{match.text}\n{cell.text}".strip()
                own = [cell for cell in own if cell.row != first]
                first += 1
            for cell in own:
                cell.row += last_row - first + 1
        cells += own
    return cells


def _without_header(cells: list[TableCell], own: list[TableCell]) -> list[TableCell]:
    """The part's cells without a repeated header: the rows that begin it as they began the table."""

    def texts(rows: list[TableCell], number: int) -> list[tuple[int, str]]:
        return [(cell.column, " ".join(cell.text.split())) for cell in rows if cell.row == number]

    repeated = 0
    while True:
        wanted = texts(cells, repeated + 1)
        if not wanted or wanted != texts(own, repeated + 1) or not any(text for _, text in wanted):
            break
        repeated += 1
    return [cell for cell in own if cell.row > repeated]


def _continues(before: list[TableCell], row: list[TableCell]) -> bool:
    """Whether a page's first row is the rest of the row before: no number of its own, words in mid-sentence."""
    if len(before) != len(row) or len(row) < 2 or any(cell.row_span > 1 for cell in before):
        return False
    first = next((cell for cell in row if cell.text.strip()), None)
    if first is None or row[0].text.strip():
        return False
    above = next((cell for cell in before if cell.column == first.column), None)
    if above is None or not above.text.strip() or _SENTENCE_END.search(above.text):
        return False
    starts_low = first.text.strip()[:1].islower() or first.text.strip()[:1] in "(,;"
    is_alone = sum(bool(cell.text.strip()) for cell in row) == 1
    return (starts_low or is_alone) and (not before[0].text.strip() or is_row_number(before[0].text))
