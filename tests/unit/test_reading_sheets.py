"""Workbooks as people make them: what is hidden, computed, formatted or merged. Files are written by openpyxl."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.reading.blocks import Block
from pipelines.reading.content import Content
from pipelines.reading.limits import Limits
from pipelines.reading.spreadsheet import read_xlsx

HEADER = ["TT", "Chỉ tiêu", "Năm 2023", "Năm 2024"]
ROWS = [["1", "Hộ có Internet", "81,5%", "85%"], ["2", "Dùng chung cột", "11,74%", "13%"]]


def book(change: Callable[[Workbook, Worksheet], None] | None = None) -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Biểu 1"
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    if change:
        change(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(data: bytes) -> Content:
    content = Content("a.xlsx", Limits())
    read_xlsx(data, content)
    return content


def cells(blocks: list[Block]) -> dict[tuple[int | None, int | None], str]:
    return {(b.table_row, b.table_column): b.text for b in blocks if b.kind == "table_cell"}


def left_out(content: Content) -> list[tuple[str, str]]:
    return [
        (one.reason_code, one.sentence.removeprefix("a.xlsx: ").removesuffix(" is hidden and was left out."))
        for one in content.omissions
    ]


PLAIN = {
    (row, column): text
    for row, texts in enumerate([HEADER, *ROWS], 1)
    for column, text in enumerate(texts, 1)
}


def test_numbers_stored_as_text_are_read_as_printed() -> None:
    assert cells(read(book()).blocks) == PLAIN


def test_a_hidden_row_is_a_reject_that_says_where() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    content = read(book(change))
    assert "11,74%" not in content.text
    assert left_out(content) == [("hidden_content", "row 3 of the sheet 'Biểu 1'")]
    assert content.omissions[0].quote == "2 | Dùng chung cột | 11,74% | 13%"


def test_a_hidden_column_is_a_reject_and_the_columns_right_of_it_move_up() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet.column_dimensions["C"].hidden = True

    content = read(book(change))
    assert left_out(content) == [("hidden_content", "column C of the sheet 'Biểu 1'")]
    assert cells(content.blocks)[1, 3] == "Năm 2024"
    assert "81,5%" not in content.text


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_a_reject(state: str) -> None:
    def change(made: Workbook, _: Worksheet) -> None:
        draft = made.create_sheet("nháp")
        draft.append(["Hộ có Internet", "99%"])
        draft.sheet_state = state

    content = read(book(change))
    assert "99%" not in content.text
    assert left_out(content) == [("hidden_content", "the sheet 'nháp'")]


def test_a_formula_without_a_stored_value_is_a_reject_with_its_address() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet["D3"] = "=C3+1"

    content = read(book(change))
    assert [one.reason_code for one in content.omissions] == ["formula_without_value"]
    assert "Biểu 1!D3" in content.omissions[0].sentence
    assert content.omissions[0].quote == "Biểu 1!D3: =C3+1"


def test_a_formula_gives_its_stored_value() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet["D3"] = "=C3+1"
        sheet["D3"].number_format = "0.00%"

    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(change))) as source,
        zipfile.ZipFile(out, "w") as made,
    ):
        for name in source.namelist():
            data = source.read(name)
            made.writestr(name, data.replace(b"<v/>", b"<v>0.13</v>").replace(b"<v></v>", b"<v>0.13</v>"))
    content = read(out.getvalue())
    assert content.omissions == []
    assert cells(content.blocks)[3, 4] == "13%"


def test_an_error_is_shown_as_what_it_is() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet["D3"] = "#DIV/0!"

    assert cells(read(book(change)).blocks)[3, 4] == "#DIV/0!"


@pytest.mark.parametrize(
    ("value", "number_format", "printed"),
    [
        (0.1174, "0.00%", "11,74%"),
        (0.8, "0%", "80%"),
        (1.0548, "0.00%", "105,48%"),
        (11.74, '0.00"%"', "11,74%"),
        (1198108, "#,##0", "1.198.108"),
        (1198108, "General", "1.198.108"),
        (2023, "General", "2023"),
        (0, "0", "0"),
        (12.5, "General", "12,5"),
        (date(2023, 10, 12), "dd/mm/yyyy", "12/10/2023"),
        (45211, "dd/mm/yyyy", "12/10/2023"),
        (True, "General", "Có"),
        (False, "General", "Không"),
        ("080", "@", "080"),
    ],
)
def test_values_are_read_as_printed(value: object, number_format: str, printed: str) -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet["C2"].value = value
        sheet["C2"].number_format = number_format

    assert cells(read(book(change)).blocks)[2, 3] == printed


def test_merged_headings_and_a_title_row_above_the_header() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "BIỂU CHỈ TIÊU"
        sheet.merge_cells("A1:D1")
        sheet["A2"], sheet["B2"], sheet["C2"] = "TT", "Chỉ tiêu", "Kế hoạch"
        sheet.merge_cells("C2:D2")
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B2:B3")

    content = read(book(change))
    assert [block.text for block in content.blocks if block.kind != "table_cell"] == ["BIỂU CHỈ TIÊU"]
    spans = {
        block.text: (block.row_span, block.column_span) for block in content.blocks if block.table_row == 1
    }
    assert spans == {"TT": (2, 1), "Chỉ tiêu": (2, 1), "Kế hoạch": (1, 2)}
    assert cells(content.blocks)[2, 4] == "Năm 2024"


def test_two_tables_on_a_sheet_stay_two() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet.append([])
        sheet.append(["Bảng 2. Hạ tầng dùng chung:"])
        for row in [HEADER, ["1", "Dùng chung cống", "0%", "1%"], ["2", "Dùng chung bể", "1%", "2%"]]:
            sheet.append(row)

    content = read(book(change))
    assert {block.table_no for block in content.blocks if block.kind == "table_cell"} == {1, 2}


def test_header_rows_repeated_inside_a_table_are_read_once() -> None:
    def change(_: Workbook, sheet: Worksheet) -> None:
        sheet.append(HEADER)
        sheet.append(["3", "Dùng chung cống", "0%", "1%"])

    found = cells(read(book(change)).blocks)
    assert [found[row, 1] for row in (1, 2, 3, 4)] == ["TT", "1", "2", "3"]
    assert (5, 1) not in found
