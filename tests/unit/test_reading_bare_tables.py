"""Tables without bars: a line of years over figures, one cell a line; prose with figures stays prose."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.text import text_blocks

UNDER_YEARS = """Tỷ lệ người sử dụng điện thoại và Internet
(ĐVT: %)
  2018 2019 Sơ bộ 2020
Tỷ lệ người sử dụng điện thoại 90,63 83,78 85,14
Phân theo thành thị, nông thôn
Thành thị 91,78 84,84 86,21
Nông thôn 82,86 - 77,84
Nguồn: Cục Thống kê
"""

ONE_CELL_A_LINE = """Số thuê bao điện thoại

Tổng số
Total

Chia ra - Of which

Di động - Mobi-phone

Cố định - Telephone

Thuê bao - Subscribers

2015

1.778.489

1.055.245

723.244

Sơ bộ - Prel. 2016

2.547.107

2.486.243

60.864

Chỉ số phát triển (Năm trước = 100) - %

2015

112,84

112,73

112,99

Sơ bộ - Prel. 2016

102,72

103,96

40,14

Nguồn: Niên giám thống kê
"""


def grids(text: str) -> list[list[list[str]]]:
    cells = [block for block in text_blocks(text) if block.kind == "table_cell"]
    return [
        [
            [cell.text for cell in cells if (cell.table_no, cell.table_row) == (number, row)]
            for row in sorted({cell.table_row or 0 for cell in cells if cell.table_no == number})
        ]
        for number in sorted({cell.table_no or 0 for cell in cells})
    ]


def words(text: str) -> list[str]:
    return [block.text for block in text_blocks(text) if block.kind != "table_cell"]


def test_figures_under_years() -> None:
    assert grids(UNDER_YEARS) == [
        [
            ["", "2018", "2019", "Sơ bộ 2020"],
            ["Tỷ lệ người sử dụng điện thoại", "90,63", "83,78", "85,14"],
            ["Phân theo thành thị, nông thôn"],
            ["Thành thị", "91,78", "84,84", "86,21"],
            ["Nông thôn", "82,86", "-", "77,84"],
        ]
    ]
    assert words(UNDER_YEARS) == [
        "Tỷ lệ người sử dụng điện thoại và Internet",
        "(ĐVT: %)",
        "Nguồn: Cục Thống kê",
    ]


def test_one_cell_a_line() -> None:
    assert grids(ONE_CELL_A_LINE) == [
        [
            ["", "Tổng số Total", "Chia ra - Of which  Di động - Mobi-phone", "Cố định - Telephone"],
            ["Thuê bao - Subscribers"],
            ["2015", "1.778.489", "1.055.245", "723.244"],
            ["Sơ bộ - Prel. 2016", "2.547.107", "2.486.243", "60.864"],
            ["Chỉ số phát triển (Năm trước = 100) - %"],
            ["2015", "112,84", "112,73", "112,99"],
            ["Sơ bộ - Prel. 2016", "102,72", "103,96", "40,14"],
        ]
    ]
    assert words(ONE_CELL_A_LINE) == ["Số thuê bao điện thoại", "Nguồn: Niên giám thống kê"]


def test_every_cell_knows_its_place_in_the_text() -> None:
    for text in (UNDER_YEARS, ONE_CELL_A_LINE):
        for block in text_blocks(text):
            assert text[block.char_start : block.char_end].replace("\n", " ") == block.text


def test_prose_and_short_runs_stay_lines() -> None:
    for text in (
        "Năm 2020 đạt 80%\nNăm 2021 đạt 85%\n",
        "Giai đoạn 2020 2025\nMục tiêu 1\n",
        "2021\n\n15\n\nTin liên quan\n",
        "2019 2020 2021\nLượt xem 5\n",
    ):
        assert grids(text) == []


def test_columns_without_a_name_of_their_own_are_no_table() -> None:
    assert grids("2019\n5\n7\n2020\n6\n8\n") == []


@given(st.text(alphabet="ab 0123456789.,%\n2020-", max_size=200))
def test_any_text_keeps_all_its_figures(text: str) -> None:
    found = "".join(block.text + (block.marker or "") for block in text_blocks(text))
    for digit in "0123456789":
        assert found.count(digit) == text.count(digit)
