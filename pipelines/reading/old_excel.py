"""Old Excel workbooks (.xls): visible cells as printed. Macros and links are never followed."""

from __future__ import annotations

import os

from pipelines.reading.content import Content
from pipelines.reading.errors import ReadingError
from pipelines.reading.sheet import Sheet, SheetCell, add_sheet, printed_number
from pipelines.reading.spreadsheet import column_name


def read_xls(data: bytes, content: Content) -> None:
    """Fill `content` from a workbook, sheet by sheet."""
    import olefile
    import xlrd

    # xlrd's own reading of the container runs round a chain of sectors that bites its tail.
    container = olefile.OleFileIO(data)
    stream = container.openstream("Workbook" if container.exists("Workbook") else "Book").read()
    with open(os.devnull, "w", encoding="utf-8") as silence:  # noqa: PTH123 -- xlrd writes warnings to a file object
        try:
            book = xlrd.open_workbook(
                file_contents=stream,
                formatting_info=True,
                logfile=silence,
                on_demand=True,
                # Otherwise one cell in the last corner makes millions of empty ones.
                ragged_rows=True,
            )
        except xlrd.XLRDError as error:
            if "encrypted" in str(error).lower() or "password" in str(error).lower():
                raise ReadingError(
                    "password_protected", f"{content.name}: protected by a password; ask for it without one."
                ) from None
            raise
        for number in range(book.nsheets):
            _add_sheet(book, number, content)


def _add_sheet(book: object, number: int, content: Content) -> None:
    from typing import Any

    workbook: Any = book
    found = workbook.sheet_by_index(number)
    title = str(found.name)
    content.count_cells(sum(found.row_len(row) for row in range(found.nrows)))
    content.cell_count = 0
    texts = {
        (row + 1, column + 1): text
        for row in range(found.nrows)
        for column in range(found.row_len(row))
        if (text := _text(workbook, found, row, column)).strip()
    }
    if found.visibility:
        if texts:
            content.leave_out_hidden(f"the sheet {title!r}", " | ".join(list(texts.values())[:40]))
        return
    hidden_rows = {row + 1 for row, info in found.rowinfo_map.items() if info.hidden}
    hidden_columns = {column + 1 for column, info in found.colinfo_map.items() if info.hidden}
    for row in sorted(hidden_rows):
        words = [text for (at, _), text in texts.items() if at == row]
        if words:
            content.leave_out_hidden(f"row {row} of the sheet {title!r}", " | ".join(words))
    for column in sorted(hidden_columns):
        words = [text for (row, at), text in texts.items() if at == column and row not in hidden_rows]
        if words:
            content.leave_out_hidden(
                f"column {column_name(column)} of the sheet {title!r}", " | ".join(words)
            )
    sheet = Sheet(title)
    shift = {column: sum(one < column for one in hidden_columns) for column in range(1, found.ncols + 2)}
    for (row, column), text in texts.items():
        if row not in hidden_rows and column not in hidden_columns:
            sheet.cells[row, column - shift[column]] = SheetCell(text)
    for top, bottom, left, right in found.merged_cells:
        cell = sheet.cells.get((top + 1, left + 1 - shift.get(left + 1, 0)))
        if cell is not None and top + 1 not in hidden_rows and left + 1 not in hidden_columns:
            cell.row_span = max(1, bottom - top)
            cell.column_span = max(1, right - left - sum(left + 1 < one <= right for one in hidden_columns))
    add_sheet(sheet, content)


def _text(book: object, sheet: object, row: int, column: int) -> str:
    from typing import Any

    import xlrd

    workbook: Any = book
    cell = sheet.cell(row, column)  # type: ignore[attr-defined]
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "Có" if cell.value else "Không"
    if cell.ctype not in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return ""
    code = "General"
    if cell.xf_index is not None and cell.xf_index < len(workbook.xf_list):
        found = workbook.format_map.get(workbook.xf_list[cell.xf_index].format_key)
        code = found.format_str if found is not None else "General"
    return printed_number(float(cell.value), code, is_1904=bool(workbook.datemode))
