"""Tables: what rows, columns, groups and captions say of each cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.extraction.extract import extract, make_lexer
from pipelines.extraction.statement import Statement
from pipelines.reading.inventory import RawFile
from pipelines.reading.read import read_document
from pipelines.reading.sidecar import Sidecar

LEXER = make_lexer(Path(__file__).parents[2] / "data" / "seeds")
REPORT = "Báo cáo tình hình hạ tầng số tỉnh Sơn La năm 2023\n\n"
PLAN = "Kế hoạch phát triển hạ tầng số tỉnh Sơn La năm 2023\n\n"
Row = list[str]


def read(text: str, **sidecar: Any) -> list[Statement]:
    file = RawFile("a.txt", "0" * 64, len(text.encode()), Sidecar(**sidecar))
    return list(extract(read_document(text.encode(), file), LEXER).statements)


def table(*rows: Row, above: str = REPORT, **sidecar: Any) -> list[Statement]:
    """Statements of a table printed as rows of cells under a title."""
    text = above + "\n".join(" | ".join(row) for row in rows) + "\n"
    return [statement for statement in read(text, **sidecar) if statement.attach == "table"]


def cell(found: list[Statement], row: int, column: int) -> Statement:
    (one,) = [s for s in found if (s.table_row, s.table_column) == (row, column)]
    return one


def test_years_as_columns() -> None:
    found = table(
        ["Chỉ tiêu", "Năm 2022", "Năm 2023"],
        ["Trạm BTS 4G", "120", "130"],
        ["Thuê bao di động", "1.000", "1.100"],
    )

    assert [(s.label, s.year, s.year_basis, s.value) for s in found] == [
        ("Trạm BTS 4G", 2022, "column", 120),
        ("Trạm BTS 4G", 2023, "column", 130),
        ("Thuê bao di động", 2022, "column", 1000),
        ("Thuê bao di động", 2023, "column", 1100),
    ]


def test_years_as_rows() -> None:
    found = table(
        ["Năm", "Thuê bao di động", "Hộ có cáp quang (%)"],
        ["2021", "100.000", "50,5"],
        ["2022", "110.000", "60,1"],
        ["2023", "120.000", "70"],
    )

    assert [(s.label, s.unit, s.year, s.year_basis, s.value) for s in found[:4]] == [
        ("Thuê bao di động", "count", 2021, "row", 100_000),
        ("Hộ có cáp quang (%)", "percent", 2021, "row", 50.5),
        ("Thuê bao di động", "count", 2022, "row", 110_000),
        ("Hộ có cáp quang (%)", "percent", 2022, "row", 60.1),
    ]


@pytest.mark.parametrize(
    ("header", "kind", "status"),
    [
        ("TH 2023", "actual", "A"),
        ("Thực hiện năm 2023", "actual", "A"),
        ("KH 2023", "target", "A"),
        ("Kế hoạch năm 2023", "target", "A"),
        ("Mục tiêu năm 2023", "target", "A"),
        ("Ước TH 2023", "estimate", "E"),
        ("Ước thực hiện năm 2023", "estimate", "E"),
        ("Sơ bộ 2023", "estimate", "P"),
        ("Năm 2023", "actual", "A"),
    ],
)
def test_kind_by_the_column_header_of_a_report(header: str, kind: str, status: str) -> None:
    found = table(
        ["Chỉ tiêu", "TH 2022", header], ["Trạm BTS 4G", "120", "130"], ["Thuê bao di động", "1.000", "1.100"]
    )

    assert (cell(found, 2, 3).kind, cell(found, 2, 3).obs_status, cell(found, 2, 3).year) == (
        kind,
        status,
        2023,
    )


def test_status_and_target_columns_of_a_plan() -> None:
    found = table(
        ["Chỉ tiêu", "Hiện trạng 2022", "Mục tiêu 2023", "Mục tiêu 2025"],
        ["Hộ có cáp quang", "60%", "70%", "85%"],
        ["Trạm BTS 4G", "120", "130", "150"],
        above=PLAN,
    )
    assert [(s.kind, s.year) for s in found[:3]] == [("baseline", 2022), ("target", 2023), ("target", 2025)]


def test_month_in_a_column_of_a_plan_is_a_status() -> None:
    found = table(
        ["Chỉ tiêu", "Tháng 6 năm 2023", "Năm 2025"],
        ["Hộ có cáp quang", "60%", "85%"],
        ["Trạm BTS 4G", "120", "150"],
        above=PLAN,
        issued_on=date(2023, 10, 12),
    )
    assert [(s.kind, s.year, s.as_of) for s in found[:2]] == [
        ("baseline", 2023, date(2023, 6, 30)),
        ("target", 2025, None),
    ]


GROUPED = (
    ["STT", "Chỉ tiêu", "ĐVT", "TH 2022", "Ước TH 2023"],
    ["I", "Hạ tầng viễn thông", "", "", ""],
    ["1", "Tỷ lệ hộ gia đình có cáp quang", "%", "60", "72"],
    ["2", "Trạm BTS", "trạm", "100", "-"],
    ["a", "Trạm BTS 4G", "trạm", "90", "95"],
    ["b", "Trạm BTS 5G", "trạm", "0", "chưa có số liệu"],
    ["II", "Dịch vụ", "", "", ""],
    ["1", "Thuê bao di động", "thuê bao", "", "5.000"],
)


def test_unit_column_gives_the_unit() -> None:
    found = table(*GROUPED)

    assert (cell(found, 3, 4).unit, cell(found, 4, 4).unit, cell(found, 8, 5).unit) == (
        "percent",
        "count",
        "count",
    )
    assert {s.table_column for s in found} == {4, 5}


def test_group_row_gives_context_and_no_statement() -> None:
    found = table(*GROUPED)

    assert {s.table_row for s in found} == {3, 4, 5, 6, 8}
    assert cell(found, 3, 4).label_context == "Hạ tầng viễn thông"
    assert cell(found, 8, 5).label_context == "Dịch vụ"


def test_sub_rows_are_parts_of_the_row_above() -> None:
    found = table(*GROUPED)

    assert [(s.segment, s.segment_type) for s in found if s.table_row in {5, 6}] == [
        ("Trạm BTS", "parent_row")
    ] * 4
    assert {s.segment for s in found if s.table_row not in {5, 6}} == {None}


def test_blank_dash_zero_and_no_data_are_told_apart() -> None:
    found = table(*GROUPED)

    assert [(cell(found, *at).figure_role, cell(found, *at).value) for at in ((4, 5), (6, 5), (8, 4))] == [
        ("dash", None),
        ("no_data", None),
        ("blank", None),
    ]
    assert cell(found, 8, 4).obs_status == "O"
    assert (cell(found, 6, 4).figure_role, cell(found, 6, 4).value) == ("level", 0)


@pytest.mark.parametrize(
    ("printed", "value", "unit", "role"),
    [
        ("Có", 1, "boolean", "level"),
        ("Chưa", 0, "boolean", "level"),
        ("Không", 0, "boolean", "level"),
        ("Chưa có", 0, "boolean", "level"),
        ("x", 1, "boolean", "level"),
        ("0%", 0, "percent", "level"),
        ("...", None, "count", "no_data"),
        ("…", None, "count", "no_data"),
        ("–", None, "count", "dash"),
        ("chưa thống kê", None, "count", "no_data"),
        ("> 85%", 85, "percent", "level"),
        ("1.250 tỷ đồng", 1.25e12, "money", "money"),
        ("28/29", 96.55, "percent", "level"),
    ],
)
def test_cell_as_printed(printed: str, value: float | None, unit: str, role: str) -> None:
    found = cell(
        table(
            ["Chỉ tiêu", "Năm 2022", "Năm 2023"], ["Trạm BTS 4G", "120", printed], ["Trạm BTS 3G", "80", "70"]
        ),
        2,
        3,
    )

    assert (found.value, found.unit, found.figure_role, found.value_text) == (value, unit, role, printed)


def test_comparator_in_a_cell() -> None:
    found = table(
        ["Chỉ tiêu", "Năm 2024", "Năm 2025"],
        ["Hộ có cáp quang", "> 80%", "≥ 85%"],
        ["Trạm BTS 4G", "95", "100"],
    )

    assert [s.comparator for s in found] == [">", ">=", "=", "="]


def test_unit_in_a_column_header() -> None:
    found = table(
        ["Huyện", "Tốc độ (Mbps)", "Hộ có Internet (%)"],
        ["Huyện Mai Sơn", "52", "80"],
        ["Huyện Yên Châu", "48", "75"],
    )

    assert [(s.unit, s.value) for s in found[:2]] == [("mbps", 52), ("percent", 80)]


def test_unit_in_the_caption() -> None:
    found = table(
        ["Chỉ tiêu", "Năm 2022", "Năm 2023"],
        ["Hộ có cáp quang", "60", "72"],
        ["Thôn có sóng", "90", "95"],
        above=REPORT + "Đơn vị tính: %\n",
    )

    assert {s.unit for s in found} == {"percent"}


def test_column_of_percentages_is_no_unit_column() -> None:
    found = table(
        ["Chỉ tiêu", "Năm 2022", "Năm 2023"],
        ["Hộ có cáp quang", "60%", "72%"],
        ["Thôn có sóng", "90%", "95%"],
    )

    assert [s.value for s in found] == [60, 72, 90, 95]


def test_rate_without_a_printed_unit_is_a_percentage() -> None:
    assert {
        s.unit
        for s in table(
            ["Chỉ tiêu", "Năm 2022", "Năm 2023"],
            ["Tỷ lệ hộ có cáp quang", "60", "72"],
            ["Tỷ lệ thôn có sóng", "9", "95"],
        )
    } == {"percent"}


def test_per_100_label_wins_over_a_printed_percent() -> None:
    found = table(
        ["Chỉ tiêu", "Năm 2022", "Năm 2023"],
        ["Thuê bao di động/100 dân", "60%", "72%"],
        ["Trạm BTS 4G", "90", "95"],
    )

    assert [s.unit for s in found] == ["per_100_people", "per_100_people", "count", "count"]


DISTRICTS = (
    ["TT", "Địa phương", "Tỷ lệ thôn phủ sóng di động (%)", "Trạm BTS 4G"],
    ["1", "Huyện Thuận Châu", "98,5", "149"],
    ["2", "Mường La", "97", "88"],
    ["", "Tổng cộng", "99", "359"],
)


def test_districts_as_rows_give_the_place_and_columns_the_label() -> None:
    found = table(*DISTRICTS)

    assert [(s.place_text, s.place_basis, s.label) for s in found[:4]] == [
        ("Huyện Thuận Châu", "row", "Tỷ lệ thôn phủ sóng di động (%)"),
        ("Huyện Thuận Châu", "row", "Trạm BTS 4G"),
        ("Mường La", "row", "Tỷ lệ thôn phủ sóng di động (%)"),
        ("Mường La", "row", "Trạm BTS 4G"),
    ]


def test_total_row_is_of_the_whole_unit() -> None:
    found = table(*DISTRICTS)

    assert [(s.value, s.place_text) for s in found[4:]] == [(99, None), (359, None)]


def test_row_that_numbers_the_columns_states_nothing() -> None:
    found = table(
        ["TT", "Chỉ tiêu", "Năm 2022", "Năm 2023"],
        ["(1)", "(2)", "(3)", "(4)"],
        ["1", "Trạm BTS 4G", "120", "130"],
        ["2", "Hộ có cáp quang", "60%", "70%"],
    )

    assert [s.value for s in found] == [120, 130, 60, 70]


def test_change_and_completion_columns_hold_no_levels() -> None:
    found = table(
        ["Chỉ tiêu", "Năm 2022", "Năm 2023", "So với năm 2022 (%)", "Hoàn thành kế hoạch (%)", "Xếp hạng"],
        ["Trạm BTS 4G", "120", "130", "108", "99", "4"],
        ["Thuê bao di động", "1.000", "1.100", "110", "101", "5"],
    )
    assert [s.figure_role for s in found[:5]] == ["level", "level", "change", "plan_completion", "rank"]


def test_section_of_an_index_holds_no_levels() -> None:
    found = table(
        ["Chỉ tiêu", "Năm 2022", "Năm 2023"],
        ["Thuê bao di động", "1.000", "1.100"],
        ["Chỉ số phát triển (Năm trước = 100) - %"],
        ["Thuê bao di động", "105,2", "110"],
    )
    assert [s.figure_role for s in found] == ["level", "level", "index", "index"]


def test_notes_and_agency_columns_state_nothing() -> None:
    found = table(
        ["Chỉ tiêu", "Năm 2023", "Ghi chú"],
        ["Trạm BTS 4G", "130", "theo báo cáo 12"],
        ["Trạm BTS 3G", "80", "giảm 5"],
    )

    assert {s.table_column for s in found} == {2}


def html(body: str) -> list[Statement]:
    return [
        s for s in read(f"<html><body><h1>{REPORT.strip()}</h1>{body}</body></html>") if s.attach == "table"
    ]


def test_two_header_rows_with_spans_are_read_together() -> None:
    found = html(
        "<table><tr><th rowspan=2>Chỉ tiêu</th><th colspan=2>Năm 2022</th><th colspan=2>Năm 2023</th></tr>"
        "<tr><th>KH</th><th>TH</th><th>KH</th><th>Ước TH</th></tr><tr><td>Trạm BTS 4G</td><td>10</td><td>11</td><td>20</td><td>19</td></tr></table>"
    )
    assert [(s.value, s.year, s.kind) for s in found] == [
        (10, 2022, "target"),
        (11, 2022, "actual"),
        (20, 2023, "target"),
        (19, 2023, "estimate"),
    ]


def test_header_without_th_is_found() -> None:
    found = html(
        "<table><tr><td>Chỉ tiêu</td><td>2022</td><td>2023</td></tr><tr><td>Trạm BTS 4G</td><td>110</td><td>120</td></tr></table>"
    )

    assert [(s.label, s.year, s.value) for s in found] == [
        ("Trạm BTS 4G", 2022, 110),
        ("Trạm BTS 4G", 2023, 120),
    ]


def test_cell_spanning_two_rows_is_stated_once() -> None:
    found = html(
        "<table><tr><th>Huyện</th><th>Trạm BTS 4G</th><th>Hộ có Internet</th></tr><tr><td>Huyện Mai Sơn</td><td rowspan=2>120</td><td>80</td></tr>"
        "<tr><td>Huyện Yên Châu</td><td>75</td></tr></table>"
    )
    assert [s.value for s in found].count(80) == 1
    assert [s.value for s in found].count(75) == 1


def test_quote_and_offsets_point_at_the_cell() -> None:
    text = REPORT + "Chỉ tiêu | Năm 2022 | Năm 2023\nTrạm BTS 4G | 120 | 130\nTrạm BTS 3G | 80 | 70\n"
    found = read(text)

    assert [text[s.char_start : s.char_end] for s in found if s.attach == "table"] == [
        "120",
        "130",
        "80",
        "70",
    ]
    assert found[-1].quote == "Trạm BTS 3G | Năm 2023 | 70"


def test_rows_of_a_breakdown_are_parts_of_the_row_above_it() -> None:
    found = table(
        ["", "2019", "Sơ bộ 2020"],
        ["Tỷ lệ người sử dụng điện thoại di động (%)", "83,78", "85,14"],
        ["Phân theo thành thị, nông thôn"],
        ["Thành thị", "84,84", "86,21"],
        ["Nông thôn", "76,61", "77,84"],
        ["Tỷ lệ người sử dụng Internet (%)", "79,46", "83,71"],
        ["Phân theo thành thị, nông thôn"],
        ["Thành thị", "83,19", "87,32"],
    )

    assert [
        (s.label, s.label_context, s.segment, s.segment_type, s.unit) for s in found if s.year == 2019
    ] == [
        ("Tỷ lệ người sử dụng điện thoại di động (%)", "", None, None, "percent"),
        ("Thành thị", "Tỷ lệ người sử dụng điện thoại di động (%)", "Thành thị", "group", "percent"),
        ("Nông thôn", "Tỷ lệ người sử dụng điện thoại di động (%)", "Nông thôn", "group", "percent"),
        ("Tỷ lệ người sử dụng Internet (%)", "", None, None, "percent"),
        ("Thành thị", "Tỷ lệ người sử dụng Internet (%)", "Thành thị", "group", "percent"),
    ]


def test_columns_of_parts_complete_the_column_of_the_whole() -> None:
    found = table(
        ["Địa phương", "Số trạm BTS", "Trong đó: 4G", "5G", "Tỷ lệ hộ có cáp quang (%)"],
        ["Huyện Mai Sơn", "187", "180", "2", "70,1"],
        ["Huyện Sông Mã", "121", "115", "0", "48,7"],
    )

    assert [(s.label, s.label_context) for s in found[:4]] == [
        ("Số trạm BTS", ""),
        ("4G", "Số trạm BTS"),
        ("5G", "Số trạm BTS"),
        ("Tỷ lệ hộ có cáp quang (%)", ""),
    ]


def test_columns_of_parts_of_what_the_caption_names() -> None:
    found = table(
        ["", "Tổng số - Total", "Chia ra - Of which: Di động", "Cố định"],
        ["2015", "1.778.489", "1.055.245", "723.244"],
        ["2016", "2.547.107", "2.486.243", "60.864"],
        above=REPORT + "Số thuê bao điện thoại\n",
    )

    assert [(s.label, s.label_context, s.label_heading) for s in found[:3]] == [
        ("Số thuê bao điện thoại", "", "Số thuê bao điện thoại"),
        ("Di động", "Tổng số", "Số thuê bao điện thoại"),
        ("Cố định", "Tổng số", "Số thuê bao điện thoại"),
    ]


def test_group_header_stands_above_the_empty_cells_beside_it() -> None:
    found = table(
        ["Đơn vị", "Thuê bao di động", "", "Thuê bao Internet", "", "Ghi chú"],
        ["Tên", "2022", "2023", "2022", "2023", "Khác"],
        ["Huyện Mai Sơn", "10.000", "11.000", "2.000", "2.100", "đủ"],
    )

    assert [(s.label.split(" 20")[0], s.year, s.value) for s in found] == [
        ("Thuê bao di động", 2022, 10000),
        ("Thuê bao di động", 2023, 11000),
        ("Thuê bao Internet", 2022, 2000),
        ("Thuê bao Internet", 2023, 2100),
    ]


def test_empty_header_that_nothing_groups_stays_empty() -> None:
    found = table(
        ["Chỉ tiêu", "Đơn vị", ""],
        ["Số trạm", "trạm", "120"],
        ["Số thuê bao", "thuê bao", "900"],
    )

    assert [s.label for s in found] == ["Số trạm", "Số thuê bao"]
