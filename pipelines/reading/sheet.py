"""Sheets of cells (.xlsx, .xls, .ods, .csv) to blocks: where the tables are, and how a figure is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipelines.reading.content import Content, TableCell

_FIGURE = re.compile(r"[<>≥≤~]?\s*-?\d[\d.,]*\s*(?:%|\w{0,10})$")
_LONG = 120


@dataclass(slots=True)
class SheetCell:
    """A cell of a sheet, as printed; rows and columns count from 1."""

    text: str
    column_span: int = 1
    row_span: int = 1


@dataclass(slots=True)
class Sheet:
    """One sheet: its visible cells by (row, column)."""

    title: str
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)


def add_sheet(sheet: Sheet, content: Content) -> None:
    """The sheet's tables and the lines between them; the sheet's name is the heading of figures without one."""
    by_row: dict[int, dict[int, SheetCell]] = {}
    for (row, column), cell in sheet.cells.items():
        if cell.text.strip():
            by_row.setdefault(row, {})[column] = cell
    if not by_row:
        return
    content.count_cells(sum(map(len, by_row.values())))
    for rows in _regions(by_row):
        if len(rows) == 1 and _is_line(by_row[rows[0]]):
            for cell in by_row[rows[0]].values():
                for line in cell.text.split("\n"):
                    content.add_line(line)
            continue
        content.cell_count -= sum(len(by_row[row]) for row in rows)
        content.add_table(_table(rows, sheet, by_row))


def _table(rows: list[int], sheet: Sheet, by_row: dict[int, dict[int, SheetCell]]) -> list[TableCell]:
    first_column = min(column for row in rows for column in by_row[row])
    last_column = max(column + cell.column_span - 1 for row in rows for column, cell in by_row[row].items())
    numbers = {row: number for number, row in enumerate(rows, 1)}
    cells: list[TableCell] = []
    covered: set[tuple[int, int]] = set()
    for row in rows:
        for column in range(first_column, last_column + 1):
            if (row, column) in covered:
                continue
            found = sheet.cells.get((row, column))
            if found is None:
                cells.append(TableCell(numbers[row], column - first_column + 1, ""))
                continue
            row_span = sum(1 for number in range(row, row + found.row_span) if number in numbers)
            column_span = min(found.column_span, last_column - column + 1)
            covered.update(
                (row + down, column + right)
                for down in range(min(found.row_span, 2000))
                for right in range(column_span)
            )
            cells.append(
                TableCell(
                    numbers[row],
                    column - first_column + 1,
                    found.text,
                    column_span=column_span,
                    row_span=max(1, row_span),
                )
            )
    return cells


def _is_line(row: dict[int, SheetCell]) -> bool:
    return len(row) == 1


def _regions(by_row: dict[int, dict[int, SheetCell]]) -> list[list[int]]:
    """Rows that belong together: tables, and lines by themselves.

    A line is a row with one cell. Inside a table it is a group's name; before, after and between
    tables it is a line of text. A blank row ends a table, unless the rows go on as figures.
    """
    order = sorted(by_row)
    regions: list[list[int]] = []
    table: list[int] = []
    for position, row in enumerate(order):
        after = order[position + 1] if position + 1 < len(order) else None
        if _is_line(by_row[row]):
            joins = (
                bool(table)
                and row - table[-1] == 1
                and after is not None
                and after - row == 1
                and _belongs(by_row[row], [by_row[one] for one in table])
                and not _is_header(by_row[after])
            )
        else:
            joins = bool(table) and (
                row - table[-1] <= 1 or (row - table[-1] <= 3 and not _is_header(by_row[row]))
            )
        if joins:
            table.append(row)
            continue
        if table:
            regions.append(table)
            table = []
        if _is_line(by_row[row]):
            regions.append([row])
        else:
            table = [row]
    if table:
        regions.append(table)
    return regions


def _belongs(line: dict[int, SheetCell], table: Sequence[dict[int, SheetCell]]) -> bool:
    """Whether a row with one cell is a group of the table above it: merged over it, or short."""
    ((column, cell),) = line.items()
    left = min(min(row) for row in table)
    if cell.column_span > 1:
        return column >= left
    return len(cell.text) <= _LONG and not cell.text.rstrip().endswith((".", ":", ";"))


def _is_header(row: dict[int, SheetCell]) -> bool:
    """A row of words, or of years, only."""
    texts = [cell.text.strip() for cell in row.values()]
    return len(texts) > 1 and not any(
        _FIGURE.match(text) and not re.fullmatch(r"(?:19|20)\d\d", text) for text in texts
    )


_DATE_CODES = re.compile(r"(?<!\\)[dyDY]|(?<![hsHS:0\[])[mM](?![sS:])")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date.

    >>> is_date_format("dd/mm/yyyy"), is_date_format("0.00%"), is_date_format('#,##0 "dân"'), is_date_format("General")
    (True, False, False, False)
    """
    bare = _QUOTED.sub("", code.split(";", maxsplit=1)[0])
    return bare.lower() != "general" and bool(re.search(r"[dyDY]", bare)) and not re.search("[0#]", bare)


def is_percent_format(code: str) -> bool:
    """Whether a number format shows a share of one as percent.

    >>> is_percent_format("0.00%"), is_percent_format('0.0"%"')
    (True, False)
    """
    return "%" in _QUOTED.sub("", code.split(";", maxsplit=1)[0])


def printed_number(value: float, code: str = "General", *, is_1904: bool = False) -> str:
    """A stored number as Vietnamese print has it, to the precision stored.

    >>> printed_number(0.1174, "0.00%"), printed_number(0.5, "0%"), printed_number(2023, "General")
    ('11,74%', '50%', '2023')
    >>> printed_number(45211, "dd/mm/yyyy"), printed_number(1198108, "#,##0"), printed_number(12.5)
    ('12/10/2023', '1.198.108', '12,5')
    >>> printed_number(80.5, '0.0"%"'), printed_number(1234.5, "#,##0.0")
    ('80,5%', '1.234,5')
    """
    if is_date_format(code):
        return printed_date(value, is_1904=is_1904) or _decimal(value)
    if is_percent_format(code):
        return _decimal(value * 100) + "%"
    unit = "".join(re.findall(r'"([^"]*)"', code.split(";", maxsplit=1)[0]))
    return _decimal(value) + (
        unit.strip() if unit.strip() == "%" else f" {unit.strip()}" if unit.strip() else ""
    )


def _decimal(value: float) -> str:
    """Grouped by dots from ten thousand on (years stay plain), with a decimal comma."""
    if value != value or value in {float("inf"), float("-inf")}:
        return ""
    shown = f"{value:.10g}"
    if "e" in shown:
        shown = f"{value:.0f}" if abs(value) >= 1 else f"{value:.12f}".rstrip("0")
    whole, _, rest = shown.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    # "1,234" would be read as 1234 where a plain count is expected: one more decimal says that it is not.
    if len(rest) == 3:
        rest += "0"
    if len(digits) > 4 or (len(digits) == 4 and rest):
        digits = f"{int(digits):,}".replace(",", ".")
    return f"{sign}{digits},{rest}" if rest else f"{sign}{digits}"


def printed_date(serial: float, *, is_1904: bool = False) -> str | None:
    """A spreadsheet's serial day as dd/mm/yyyy, None outside any calendar.

    >>> printed_date(45211), printed_date(-5) is None
    ('12/10/2023', True)
    """
    if not 0 < serial < 2_958_466:
        return None
    epoch = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 -- a day, not a time
    return f"{epoch + timedelta(days=int(serial)):%d/%m/%Y}"
