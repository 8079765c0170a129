"""hatangso.xlsx: the marts as a workbook that a person would keep, with a sheet of definitions.

Text is never a formula here: it is stored as text, and what looks like a formula carries Excel's own mark
for text, so that editing or copying the cell keeps it inert.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.release.columns import Column, Table
from pipelines.release.database import MARTS
from pipelines.release.errors import ReleaseError
from pipelines.release.flat_files import CSV, Export
from pipelines.release.spreadsheet_text import looks_like_formula
from pipelines.warehouse.connection import connect, first_line, first_row, quoted

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WORKBOOK = "hatangso.xlsx"
DEFINITIONS = "Định nghĩa - Definitions"
CONTENTS = "Nội dung - Contents"
# What Excel can hold.
MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767
LONGEST_SHEET_NAME = 31
ROWS_AT_ONCE = 5_000
# Only for choosing widths.
MEASURED_ROWS = 200
NARROWEST, WIDEST = 9, 48
# Where no document was received there is no date to give the workbook.
NO_MOMENT = datetime(1970, 1, 1)  # noqa: DTZ001 - Vietnamese time without a zone, as receipts are recorded

PERCENT = '0.0#"%"'
SHARE = "0.0%"
NUMBER_FORMATS = {"integer": "0", "bigint": "#,##0", "double": "#,##0.##########"}
CONTENTS_COLUMNS = ("Trang / Sheet", "Số dòng / Rows", "Trong trang / In the sheet", "Nội dung / Content")
# Titles of the definitions and how wide they are.
DEFINITION_COLUMNS = {
    "table": 36,
    "column": 26,
    "type": 11,
    "key": 6,
    "allowed values": 40,
    "description": 90,
}


def write_workbook(
    database: Path,
    folder: Path,
    release: str,
    exports: Sequence[Export],
    tables: Mapping[str, Table],
    rows_a_sheet: int,
) -> None:
    """One sheet per mart, after a sheet of contents and one of definitions; a sheet holds at most ``rows_a_sheet`` rows.

    Percentages are shown as such (they are stored 0-100), dates as dates; headers are frozen and
    filtered. Where a mart has more rows, the contents say so and name the CSV file that has all.
    """
    from xlsxwriter import Workbook

    # What people look for comes first: the marts of figures, then facts and dimensions.
    exports = sorted(exports, key=lambda export: (not export.table.startswith("mart_"), export.table))
    with connect(database, read_only=True) as connection:
        book = Workbook(
            str(folder / WORKBOOK),
            # Row by row to disk, so that memory does not grow with the marts.
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        # Not the present time: the same content gives the same bytes.
        book.set_properties({"title": f"hatangso {release}", "created": _latest_receipt(connection)})
        formats = _Formats(book)
        sheets = {CONTENTS: book.add_worksheet(CONTENTS), DEFINITIONS: book.add_worksheet(DEFINITIONS)}
        names = sheet_names([export.table for export in exports])
        kept = {export.table: min(export.rows, rows_a_sheet, MOST_ROWS) for export in exports}
        _write_contents(sheets[CONTENTS], formats, release, exports, names, kept, tables)
        _write_definitions(sheets[DEFINITIONS], formats, [tables[export.table] for export in exports])
        try:
            for export in exports:
                sheet = book.add_worksheet(names[export.table])
                _write_mart(connection, sheet, formats, tables[export.table], kept[export.table])
        except duckdb.Error as error:
            sentence = f"The workbook could not be written: {first_line(error)}."
            raise ReleaseError(sentence) from error
        finally:
            _close(book)


def _close(book: Workbook) -> None:
    """Write the file; what the system refuses, such as room on the disk, in one sentence."""
    from xlsxwriter.exceptions import XlsxWriterException

    try:
        book.close()
    except XlsxWriterException as error:
        sentence = f"The workbook could not be written: {error}."
        raise ReleaseError(sentence) from error


class _Formats:
    """The formats of a workbook, each made once. A class because xlsxwriter ties them to the workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Format] = {}

    def number(self, pattern: str) -> Format:
        return self._get(pattern, {"num_format": pattern, "valign": "top"})

    @property
    def header(self) -> Format:
        return self._get(
            "header", {"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF", "valign": "top"}
        )

    @property
    def title(self) -> Format:
        return self._get("title", {"bold": True, "font_size": 14})

    @property
    def wrapped(self) -> Format:
        return self._get("wrapped", {"text_wrap": True, "valign": "top"})

    @property
    def marked(self) -> Format:
        """For text that looks like a formula."""
        return self._get("marked", {"quote_prefix": True, "valign": "top"})

    def _get(self, name: str, properties: dict[str, Any]) -> Format:
        if (name,) not in self._made:
            self._made[(name,)] = self._book.add_format(properties)
        return self._made[(name,)]


def sheet_names(tables: Sequence[str]) -> dict[str, str]:
    """A name of at most 31 letters for each table, all different.

    >>> sheet_names(["mart_province_indicator_yearly_current", "mart_province_indicator_yearly_older"])
    {'mart_province_indicator_yearly_current': 'mart_province_indicator_yearly_', 'mart_province_indicator_yearly_older': 'mart_province_indicator_yearl_2'}
    """
    names: dict[str, str] = {}
    for table in tables:
        name, number = table[:LONGEST_SHEET_NAME], 1
        while name in names.values():
            number += 1
            suffix = f"_{number}"
            name = table[: LONGEST_SHEET_NAME - len(suffix)] + suffix
        names[table] = name
    return names


def _write_contents(
    sheet: Worksheet,
    formats: _Formats,
    release: str,
    exports: Sequence[Export],
    names: Mapping[str, str],
    kept: Mapping[str, int],
    tables: Mapping[str, Table],
) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 16)
    sheet.set_column(3, 3, 90)
    sheet.write_string(0, 0, f"hatangso {release}", formats.title)
    for column, title in enumerate(CONTENTS_COLUMNS):
        sheet.write_string(2, column, title, formats.header)
    for row, export in enumerate(exports, start=3):
        note = tables[export.table].description
        if kept[export.table] < export.rows:
            note = (
                f"Chỉ có {kept[export.table]} dòng đầu; toàn bộ {export.rows} dòng ở {CSV}/{export.table}.csv."
                f" Only the first {kept[export.table]} of {export.rows} rows; all are in {export.csv}. {note}"
            )
        name = names[export.table]
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=export.table)
        sheet.write_number(row, 1, export.rows, formats.number("#,##0"))
        sheet.write_number(row, 2, kept[export.table], formats.number("#,##0"))
        sheet.write_string(row, 3, note, formats.wrapped)
    sheet.freeze_panes(3, 0)


def _write_definitions(sheet: Worksheet, formats: _Formats, tables: Sequence[Table]) -> None:
    for position, (title, width) in enumerate(DEFINITION_COLUMNS.items()):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, title, formats.header)
    row = 0
    for table in tables:
        for column in table.columns:
            row += 1
            is_key = "key" if column.name in table.key else ""
            allowed = ", ".join(column.allowed)
            cells = (table.name, column.name, column.data_type, is_key, allowed, column.description)
            for position, text in enumerate(cells):
                sheet.write_string(row, position, text, formats.wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row, len(DEFINITION_COLUMNS) - 1)


def _write_mart(
    connection: duckdb.DuckDBPyConnection, sheet: Worksheet, formats: _Formats, table: Table, rows: int
) -> None:
    names = [column.name for column in table.columns]
    selected = ", ".join(quoted(name) for name in names)
    source = f"(from {MARTS}.{quoted(table.name)} order by all limit {rows})"
    sql = f"select {selected} from {source}"  # noqa: S608 - names come from the manifest
    for position, (column, width) in enumerate(
        zip(table.columns, _widths(connection, source, table.columns), strict=True)
    ):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, column.name, formats.header)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(rows, 1), len(names) - 1)
    unit = names.index("unit") if "unit" in names else None
    for row_no, row in enumerate(_rows(connection, sql), start=1):
        in_percent = unit is not None and row[unit] == "percent"
        for position, value in enumerate(row):
            _write_cell(sheet, formats, row_no, position, value, table.columns[position], in_percent)


def _write_cell(
    sheet: Worksheet,
    formats: _Formats,
    row: int,
    position: int,
    value: object,
    column: Column,
    in_percent: bool,
) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, position, value)
        case int() | float():
            sheet.write_number(row, position, value, formats.number(number_format(column, in_percent)))
        case datetime():
            sheet.write_datetime(row, position, value, formats.number("yyyy-mm-dd hh:mm:ss"))
        case date():
            sheet.write_datetime(row, position, value, formats.number("yyyy-mm-dd"))
        case _:
            text = _fitting(str(value))
            sheet.write_string(row, position, text, formats.marked if looks_like_formula(text) else None)


def number_format(column: Column, in_percent: bool) -> str:
    """How Excel shows the numbers of a column; values are 0-100 where the unit of the row is percent.

    >>> number_format(Column("actual_value", "double", ""), in_percent=True)
    '0.0#"%"'
    >>> number_format(Column("actual_value", "double", ""), in_percent=False)
    '#,##0.##########'
    >>> number_format(Column("attainment_pct", "double", ""), in_percent=False)
    '0.0#"%"'
    >>> number_format(Column("year", "integer", ""), in_percent=True)
    '0'
    """
    name = column.name
    if name.endswith("_pct") or (in_percent and (name == "value" or name.endswith("_value"))):
        return PERCENT
    if name == "share" or name.endswith("_share"):
        return SHARE
    if name.endswith("_ratio"):
        return "0.00"
    if name in {"latitude", "longitude"}:
        return "0.0000"
    return NUMBER_FORMATS.get(column.data_type, "General")


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _widths(connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[Column]) -> list[float]:
    """Widths from the header and the first rows; in constant memory a width must be set before the rows."""
    longest = ", ".join(f"max(len(cast({quoted(column.name)} as varchar)))" for column in columns)
    row = first_row(connection.execute(f"select {longest} from (from {source} limit {MEASURED_ROWS})"))  # noqa: S608
    found = row or (0,) * len(columns)
    return [
        min(WIDEST, max(NARROWEST, len(column.name) + 3, (length or 0) + 1))
        for column, length in zip(columns, found, strict=True)
    ]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    cursor = connection.execute(sql)
    while batch := cursor.fetchmany(ROWS_AT_ONCE):
        yield from batch


def _latest_receipt(connection: duckdb.DuckDBPyConnection) -> datetime:
    row = first_row(connection.execute("select max(received_at) from raw.documents"))
    return row[0] if row and row[0] else NO_MOMENT
