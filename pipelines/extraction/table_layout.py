"""How a table is laid out: its grid, header rows, and which columns label, number, measure and hold values.

What the words of headers mean is the business of table_heads, what becomes of a cell that of tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.extraction.discourse import Discourse
from pipelines.extraction.letters import UPPER
from pipelines.extraction.places import TYPED
from pipelines.extraction.table_cells import WORDS, value_role
from pipelines.extraction.table_heads import (
    PART_HEADER,
    Head,
    is_bare,
    read_head,
    unit_in,
    without_translation,
)
from pipelines.extraction.tokens import Lexer
from pipelines.reading.blocks import Block
from pipelines.reading.markers import is_row_number

_NUMBER_HEADER = re.compile(r"(?:tt|stt|số tt|số thứ tự|#|no\.?)$", re.IGNORECASE)
_UNIT_HEADER = re.compile(r"(?:đvt|đơn vị tính|đơn vị|unit)$", re.IGNORECASE)
_ASIDE_HEADER = re.compile(
    r"(?:ghi chú|cơ quan|đơn vị (?:chủ trì|thực hiện|phối hợp|báo cáo)|chủ trì|phối hợp|nguồn|căn cứ|thời gian|sản phẩm|phụ trách|tiêu chí số|mã)",
    re.IGNORECASE,
)
_PLACE_HEADER = re.compile(
    r"(?:địa phương|tỉnh|huyện|thành phố|xã|phường|tên đơn vị|đơn vị hành chính|khu vực|địa bàn|quận|các đơn vị|tỉnh/thành|tỉnh, thành)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell and the number of its block in the document."""

    no: int
    block: Block

    @property
    def text(self) -> str:
        """Its words without space around them."""
        return self.block.text.strip()


@dataclass(slots=True)
class Table:
    """A table as rows of cells (a spanning cell stands in each place it spans), and what its columns are for."""

    grid: list[list[TableCell | None]]
    width: int
    header_rows: int
    heads: list[Head] = field(default_factory=list)
    label_column: int = 0
    number_column: int | None = None
    unit_column: int | None = None
    value_columns: list[int] = field(default_factory=list)
    rows_are_places: bool = False


def lay_out(cells: list[TableCell], lexer: Lexer, discourse: Discourse) -> Table:
    """The grid of a table's cells, with what its column headers say."""
    rows = max(cell.block.table_row or 1 for cell in cells)
    width = max((cell.block.table_column or 1) + cell.block.column_span - 1 for cell in cells)
    grid: list[list[TableCell | None]] = [[None] * width for _ in range(rows)]
    for cell in cells:
        for r in range(cell.block.row_span):
            for c in range(cell.block.column_span):
                row, column = (cell.block.table_row or 1) - 1 + r, (cell.block.table_column or 1) - 1 + c
                if row < rows and column < width and grid[row][column] is None:
                    grid[row][column] = cell
    table = Table(grid, width, _header_rows(grid, lexer))
    _spread_groups(grid[: table.header_rows])
    paths = [_path(grid, table.header_rows, column) for column in range(width)]
    body = grid[table.header_rows :]
    words = [
        sum(bool(WORDS.search(text)) and not value_role(text, lexer) for text in _texts(body, column))
        for column in range(width)
    ]
    for column, path in enumerate(paths):
        texts = _texts(body, column)
        if table.number_column is None and (
            _NUMBER_HEADER.match(path)
            or (column == 0 and texts and width > 2 and all(map(is_row_number, texts)) and any(words[1:2]))
        ):
            table.number_column = column
    candidates = [c for c in range(width) if c != table.number_column]
    table.label_column = next(
        (c for c in candidates if words[c] >= max(1, len(body) // 3)), candidates[0] if candidates else 0
    )
    if table.number_column is None and not any(words) and candidates:
        table.label_column = candidates[0]
    table.unit_column = next(
        (
            c
            for c in candidates
            if c != table.label_column and (_UNIT_HEADER.match(paths[c]) or _all_units(body, c, lexer))
        ),
        None,
    )
    for column in candidates:
        if column in {table.label_column, table.unit_column} or _ASIDE_HEADER.match(paths[column]):
            continue
        table.value_columns.append(column)
    labels = [without_translation(text) for text in _texts(body, table.label_column)]
    named = sum(bool(TYPED.fullmatch(label)) for label in labels)
    table.rows_are_places = bool(_PLACE_HEADER.match(paths[table.label_column])) or named > len(labels) / 2
    table.heads = [read_head(path, lexer, discourse) for path in paths]
    _name_wholes(table)
    _name_shares(table)
    return table


def _name_wholes(table: Table) -> None:
    """Give the columns of parts ("Trong đó: 4G", then a bare "5G") the column that they are parts of."""
    whole, is_part = "", False
    for column in table.value_columns:
        head = table.heads[column]
        mark = PART_HEADER.match(head.label)
        if mark and head.label[mark.end() :]:
            head.label, is_part = head.label[mark.end() :], True
        elif not (is_part and is_bare(head.label)):
            whole, is_part = head.label, False
        if is_part:
            head.part_of = whole


_BARE_SHARE = re.compile(r"(?:(?:đạt )?(?:tỷ|tỉ) lệ)?\s*(?:\(?\s*%\s*\)?)?", re.IGNORECASE)
_COUNT_OF = re.compile(r"(?:tổng\s+)?(?:số(?: lượng)?\s+)?", re.IGNORECASE)
_NAMING_WORDS = 3


def _name_shares(table: Table) -> None:
    """Let a column that says only "Tỷ lệ (%)" be the share of what the column before it counts."""
    counted = ""
    for column in table.value_columns:
        head = table.heads[column]
        if not _BARE_SHARE.fullmatch(head.label.strip()) or head.period is not None:
            counted = head.label if head.unit != "percent" else ""
        elif head.label.strip() and len(WORDS.findall(counted)) >= _NAMING_WORDS:
            head.label = f"Tỷ lệ {counted[_COUNT_OF.match(counted).end() :]}"  # type: ignore[union-attr]
            head.unit = "percent"


def _spread_groups(header: list[list[TableCell | None]]) -> None:
    """Let a header stand above each column that it groups, where the cells beside it were left empty.

    It groups them only where a lower header row names them, and the first of them, one by one.
    """
    for number, row in enumerate(header[:-1]):
        below = header[number + 1]
        if is_index_row(below):
            continue
        group: TableCell | None = None
        for column, cell in enumerate(row):
            lower = below[column]
            is_named = lower is not None and bool(lower.text) and lower is not cell
            if cell is not None and cell.text:
                group = cell if is_named else None
            elif group is not None and is_named:
                row[column] = group
            else:
                group = None


def _texts(rows: list[list[TableCell | None]], column: int) -> list[str]:
    """Words of a column's cells, without the empty ones."""
    return [cell.text for row in rows if (cell := row[column]) is not None and cell.text]


def cell_text(row: list[TableCell | None], column: int | None) -> str:
    """Words of a row's cell, nothing where the row or the table has no such cell."""
    cell = row[column] if column is not None else None
    return cell.text if cell is not None else ""


def _all_units(body: list[list[TableCell | None]], column: int, lexer: Lexer) -> bool:
    texts = _texts(body, column)
    if any(re.search(r"\d(?!00 (?:dân|người))", text.replace("1.000", "")) for text in texts):
        return False
    return len(texts) >= 2 and all(
        unit_in(f"1 {text}", lexer) or text.lower() in COUNT_WORDS for text in texts
    )


COUNT_WORDS = {
    "thuê bao",
    "trạm",
    "người",
    "hộ",
    "cái",
    "đơn vị",
    "doanh nghiệp",
    "nền tảng",
    "số",
    "có/không",
    "xã",
    "thôn",
    "vị trí",
    "tổ",
}


def _header_rows(grid: list[list[TableCell | None]], lexer: Lexer) -> int:
    """How many rows from the top name the columns."""
    for row_no, row in enumerate(grid):
        marked = [c for c in row if c is not None]
        if marked and all(c.block.is_header for c in marked):
            continue
        if is_index_row(row):
            continue
        figures = 0
        for column, cell in enumerate(row):
            if cell is None or column == 0 or cell.block.row_span > 1:
                continue
            role = value_role(cell.text, lexer)
            if role in {"number", "boolean"} and not re.fullmatch(
                r"(?:năm\s+)?(?:19|20)\d\d", cell.text, re.IGNORECASE
            ):
                figures += 1
        first = row[0].text if row and row[0] else ""
        if figures or (row_no and is_row_number(first)):
            return row_no
    return 1


# "(7)=(6)/(5)" says how a column is worked out.
_COLUMN_MARK = re.compile(r"\(?(?:(?P<number>\d{1,2})\)?(?:=[()\d+*/x:-]+)?|[A-Z]\)?)")


def is_index_row(row: list[TableCell | None]) -> bool:
    """A row that only numbers the columns: (1) (2) (3), 1 2 3 4, or A B 1 2 3=2/1."""
    texts = [c.text.replace(" ", "") for c in row if c and c.text]
    marks = [_COLUMN_MARK.fullmatch(text) for text in texts]
    if len(texts) < 3 or not all(marks):
        return False
    numbers = [int(mark.group("number")) for mark in marks if mark and mark.group("number")]
    letters = [text for text, mark in zip(texts, marks, strict=True) if mark and not mark.group("number")]
    counted = list(range(numbers[0], numbers[0] + len(numbers))) if numbers else []
    return len(numbers) > 1 and numbers == counted and numbers[0] <= 2 and letters == texts[: len(letters)]


def _path(grid: list[list[TableCell | None]], header_rows: int, column: int) -> str:
    """Words of a column's header from top to bottom, a spanning cell once."""
    seen: list[str] = []
    for row in grid[:header_rows]:
        cell = row[column]
        if cell and cell.text and cell.text not in seen and not is_index_row(row):
            seen.append(cell.text)
    return " ".join(seen)


def spans(row: list[TableCell | None], table: Table) -> bool:
    """Whether a row holds only words over the whole width: the name of a section."""
    present = [c for c in row if c is not None]
    if not present:
        return False
    first = present[0]
    return (
        table.width > 1
        and (first.block.column_span >= table.width or all(c is first for c in present))
        and bool(first.text)
    ) or (
        len(present) <= table.width / 2
        and len(present) <= 2
        and all(not re.fullmatch(r"[\d.,%\s-]*", c.text) for c in present)
        and table.width > 2
    )


def outline(row: list[TableCell | None], table: Table) -> int:
    """Depth of a row by its number: 1 for I, 2 for 1, 3 for 1.1, 4 for a, 5 for a dash; 0 for none."""
    number = ""
    if table.number_column is not None and row[table.number_column]:
        number = cell_text(row, table.number_column).strip(".() ")
    else:
        cell = row[table.label_column]
        match = re.match(r"([IVX]+|\d+(?:\.\d+)*|[a-zđ])[.)]\s|([-+•])\s", cell.text) if cell else None
        if match:
            number = match.group(1) or "-"
    if not number:
        return 0
    if re.fullmatch(r"[IVX]+", number) or re.fullmatch(rf"[{UPPER}]", number):
        return 1
    if number.isdecimal():
        return 2
    if re.fullmatch(r"\d+(?:\.\d+)+", number):
        return 3
    if re.fullmatch(r"[-+•]", number):
        return 5
    return 4 if re.fullmatch(r"[a-zđ]", number) else 0
