"""A document's content as a reader fills it: text, blocks and what was left out, with the limits kept.

Every reader of a format that is not plain text writes into one of these. Nothing here knows a format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pipelines.reading.blocks import Block, BlockKind
from pipelines.reading.errors import ReadingError
from pipelines.reading.legacy_text import converted
from pipelines.reading.limits import Limits
from pipelines.reading.markers import marker
from pipelines.reading.text import block_kind
from pipelines.reading.unicode import normalize

_SPACES = re.compile(r"\s+")
_LONGEST_QUOTE = 300
_OMISSIONS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Omission:
    """Something of a document that was left out: `reason_code`, a sentence, and the words left out.

    `block_no` is the number of the block before which it stood.
    """

    reason_code: str
    sentence: str
    block_no: int
    quote: str | None = None


@dataclass(slots=True)
class TableCell:
    """A cell before it becomes a block; rows and columns count from 1."""

    row: int
    column: int
    text: str
    column_span: int = 1
    row_span: int = 1
    is_header: bool = False
    page: int | None = None
    confidence: float | None = None


@dataclass(slots=True)
class Content:
    """Text, blocks and omissions of one document, in reading order.

    `name` is how sentences call the document.
    """

    name: str
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    table_count: int = 0
    cell_count: int = 0

    @property
    def text(self) -> str:
        """The text that the blocks' offsets refer to: one block a line."""
        return "".join(self.pieces)

    def add_text(self, text: str) -> tuple[int, int]:
        """Append a line; returns its offsets. Raises ReadingError where the document is too long."""
        start = self.length
        self.pieces.append(text + "\n")
        self.length += len(text) + 1
        if self.length > self.limits.characters:
            raise ReadingError(
                "limit_exceeded",
                f"{self.name}: more than {self.limits.characters} characters of text; split the document.",
            )
        return start, start + len(text)

    def add_line(
        self,
        text: str,
        *,
        heading: int = 0,
        font: str = "",
        page: int | None = None,
        confidence: float | None = None,
    ) -> None:
        """A paragraph, list item or heading; what it is follows from its marker and its words."""
        line = one_line(text, font)
        if not re.search(r"\w", line):
            return
        mark, level = marker(line)
        body = line[len(mark) :].lstrip() if mark else line
        _, end = self.add_text(line)
        kind: BlockKind = "heading" if heading else block_kind(body, level)
        self.blocks.append(
            Block(
                kind,
                body,
                end - len(body),
                end,
                level=level or heading,
                marker=mark,
                page=page,
                confidence=confidence,
            )
        )

    def add_table(self, cells: Iterable[TableCell]) -> None:
        """A table; a single row or column only lays out the page, and its cells are lines.

        Empty rows are left out, and repeated header rows; a first row that spans the table is its title.
        """
        rows = _rows(cells)
        self.count_cells(sum(len(row) for row in rows))
        width = max((cell.column + cell.column_span - 1 for row in rows for cell in row), default=0)
        while len(rows) > 1 and width > 1 and _spans(rows[0], width) and not _spans(rows[1], width):
            self.add_line(rows.pop(0)[0].text)
        filled = [row for row in rows if any(cell.text for cell in row)]
        if len(filled) < 2 or width < 2 or max(len(row) for row in filled) < 2:
            for row in filled:
                for cell in row:
                    for line in cell.text.split("\n"):
                        self.add_line(line, page=cell.page, confidence=cell.confidence)
            return
        rows = without_repeated_headers(rows)
        self.table_count += 1
        for row_no, row in enumerate(rows, 1):
            for cell in row:
                text = one_line(cell.text)
                start, end = self.add_text(text)
                self.blocks.append(
                    Block(
                        "table_cell",
                        text,
                        start,
                        end,
                        page=cell.page,
                        table_no=self.table_count,
                        table_row=row_no,
                        table_column=cell.column,
                        column_span=cell.column_span,
                        row_span=cell.row_span,
                        is_header=cell.is_header,
                        confidence=cell.confidence,
                    )
                )

    def count_cells(self, count: int) -> None:
        """Note cells read. Raises ReadingError where there are too many."""
        self.cell_count += count
        if self.cell_count > self.limits.cells:
            raise ReadingError(
                "limit_exceeded", f"{self.name}: more than {self.limits.cells} cells; split the document."
            )

    def leave_out(self, reason_code: str, sentence: str, quote: str | None = None) -> None:
        """Note what was left out, with the reason; beyond a few hundred only their number counts."""
        if len(self.omissions) < _OMISSIONS_KEPT:
            shown = one_line(quote)[:_LONGEST_QUOTE] if quote else None
            self.omissions.append(Omission(reason_code, sentence, len(self.blocks), shown))
        elif len(self.omissions) == _OMISSIONS_KEPT:
            self.omissions.append(
                Omission("hidden_content", f"{self.name}: and more that was left out.", len(self.blocks))
            )

    def leave_out_hidden(self, where: str, quote: str | None = None) -> None:
        """Note hidden content: drafts and code lists more often than figures."""
        self.leave_out("hidden_content", f"{self.name}: {where} is hidden and was left out.", quote)


def one_line(text: str, font: str = "") -> str:
    r"""Words of a block in NFC on one line, old fonts converted.

    >>> one_line("Tỷ lệ\n hộ  gia đình ")
    'Tỷ lệ hộ gia đình'
    """
    return _SPACES.sub(" ", normalize(converted(text, font))).strip()


def _rows(cells: Iterable[TableCell]) -> list[list[TableCell]]:
    """Cells by row without the rows that are empty, row spans shortened by the rows that went."""
    by_row: dict[int, list[TableCell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    kept = {row for row, line in by_row.items() if any(cell.text.strip() for cell in line)}
    spanned = {
        row for line in by_row.values() for cell in line for row in range(cell.row, cell.row + cell.row_span)
    }
    order = sorted(kept | (spanned & set(by_row)))
    # A row that lies wholly under cells spanning from above has no cell of its own.
    return _renumbered([[*by_row[row]] for row in order], set(order))


def _renumbered(rows: list[list[TableCell]], kept: set[int]) -> list[list[TableCell]]:
    for row in rows:
        row.sort(key=lambda cell: cell.column)
        for cell in row:
            last = cell.row + cell.row_span
            cell.row_span = max(
                1, sum(1 for number in range(cell.row, min(last, cell.row + 2000)) if number in kept)
            )
    for number, row in enumerate(rows, 1):
        for cell in row:
            cell.row = number
    return rows


def _spans(row: list[TableCell], width: int) -> bool:
    filled = [cell for cell in row if cell.text.strip()]
    return len(row) == 1 and len(filled) == 1 and filled[0].column_span >= width


def without_repeated_headers(
    rows: list[list[TableCell]], text_of: Callable[[TableCell], str] = lambda cell: cell.text
) -> list[list[TableCell]]:
    """The rows of a table without the header repeated inside it (after a page break, usually)."""
    texts = [tuple(_SPACES.sub(" ", text_of(cell)).strip() for cell in row) for row in rows]
    first = texts[0]
    if sum(map(bool, first)) < 2:
        return rows
    kept: list[list[TableCell]] = []
    height = _header_height(rows)
    position = 0
    while position < len(rows):
        if position >= height and texts[position : position + height] == texts[:height]:
            position += height
        elif position >= height and texts[position] == first and height > 1:
            position += 1
        else:
            kept.append(rows[position])
            position += 1
    return kept


def _header_height(rows: list[list[TableCell]]) -> int:
    """Rows that the first row's cells reach down to."""
    return min(len(rows), max(cell.row_span for cell in rows[0]))
