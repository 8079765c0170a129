"""Text tables (.csv) with any usual delimiter: cells as printed."""

from __future__ import annotations

import csv
import io

from pipelines.reading.content import Content
from pipelines.reading.errors import ReadingError
from pipelines.reading.sheet import Sheet, SheetCell, add_sheet


def read_csv(text: str, delimiter: str, content: Content) -> None:
    """Fill `content` from a text table whose delimiter is known."""
    sheet = Sheet("csv")
    csv.field_size_limit(1_000_000)
    try:
        for row_no, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            content.count_cells(len(row))
            for column_no, cell in enumerate(row, 1):
                if cell.strip():
                    sheet.cells[row_no, column_no] = SheetCell(cell)
    except csv.Error as error:
        raise ReadingError(
            "broken_file", f"{content.name}: no readable table ({error}); ask for it again."
        ) from None
    content.cell_count = 0
    add_sheet(sheet, content)
