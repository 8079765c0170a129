"""Tables that a saved page left as text come back cell by cell; bars that only lay out a page do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.blocks import Block
from pipelines.reading.grid import lines_of
from pipelines.reading.pipes import split_tables
from pipelines.reading.text import text_blocks


def cells_one_a_line(rows: list[list[str]]) -> str:
    """Text of a table as saved pages leave it: each cell on its own line, a bar after each, no row ends."""
    return "\n|\n".join(cell for row in rows for cell in row).replace("\n\n", "\n") + "\n|"


def tables(text: str) -> list[list[list[str]]]:
    """Words of every table of a text, row by row."""
    return [
        [[text[cell.start : cell.end] for cell in row] for row in part]  # type: ignore[union-attr]
        for sort, part in split_tables(text)
        if sort == "table"
    ]


def grid(blocks: list[Block]) -> list[list[str]]:
    """Words of the only table among blocks, row by row."""
    cells = [block for block in blocks if block.kind == "table_cell"]
    assert {cell.table_no for cell in cells} == {1}
    rows = sorted({cell.table_row or 0 for cell in cells})
    return [[cell.text for cell in cells if cell.table_row == row] for row in rows]


PLAN = [
    ["TT", "Chỉ tiêu", "Tháng 6/2023", "Năm 2024", "Năm 2025"],
    ["I", "HẠ TẦNG BĂNG RỘNG", "", "", ""],
    ["1", "Tỷ lệ thôn có cáp quang", "99%", "99,5%", "100%"],
    ["2", "Tỷ lệ dùng chung cống bể", "0%", "1%", "2%"],
    ["II", "NỀN TẢNG", "", "", ""],
    ["a", "Nền tảng họp trực tuyến", "Có", "Có", "Có"],
    ["b", "Nền tảng phân tích dữ liệu", "", "Có", "Có"],
    ["đ", "Trợ lý ảo", "Chưa", "Chưa", "Có"],
]


def test_flattened_table_comes_back_with_its_empty_cells() -> None:
    assert tables(cells_one_a_line(PLAN)) == [PLAN]


def test_words_above_a_flattened_table_stay_lines() -> None:
    text = "BIỂU SỐ LIỆU\nCác chỉ tiêu chủ yếu\n\n" + cells_one_a_line(PLAN)

    blocks = text_blocks(text)

    assert [block.text for block in blocks if block.kind != "table_cell"] == [
        "BIỂU SỐ LIỆU",
        "Các chỉ tiêu chủ yếu",
    ]
    assert grid(blocks) == PLAN


def test_words_below_a_flattened_table_stay_lines() -> None:
    text = cells_one_a_line(PLAN) + "\nGhi chú: số liệu của Sở.\n"

    assert [block.text for block in text_blocks(text)][-1] == "Ghi chú: số liệu của Sở."
    assert tables(text) == [PLAN]


def test_cell_broken_over_lines_is_one_cell() -> None:
    text = cells_one_a_line(PLAN).replace("Tỷ lệ thôn có cáp quang", "Tỷ lệ thôn có\ncáp quang")

    assert grid(text_blocks(text)) == PLAN


def test_empty_cell_of_a_flattened_table_is_an_empty_block_and_not_lost() -> None:
    blanks = [b for b in text_blocks(cells_one_a_line(PLAN)) if b.kind == "table_cell" and not b.text]

    assert [(b.table_row, b.table_column) for b in blanks] == [
        (2, 3),
        (2, 4),
        (2, 5),
        (5, 3),
        (5, 4),
        (5, 5),
        (7, 3),
    ]
    assert all(b.char_start == b.char_end for b in blanks)


LABELS = st.sampled_from(
    [
        "Tỷ lệ thôn phủ sóng",
        "Số trạm phát sóng",
        "Thuê bao băng rộng",
        "Hộ có cáp quang",
        "Người dùng Internet",
    ]
)
FIGURES = st.one_of(
    st.integers(0, 100).map("{}%".format),
    st.integers(10, 999).map(str),
    st.integers(0, 999).map(lambda n: f"{n // 10},{n % 10}%"),
)


@given(st.lists(st.tuples(LABELS, FIGURES, FIGURES, FIGURES), min_size=3, max_size=20))
def test_any_flattened_table_with_row_numbers_comes_back(rows: list[tuple[str, str, str, str]]) -> None:
    table = [["TT", "Chỉ tiêu", "Năm 2022", "Năm 2023", "Năm 2024"]]
    table += [[str(number), *row] for number, row in enumerate(rows, 1)]

    assert tables(cells_one_a_line(table)) == [table]


def test_bars_of_a_letter_head_are_no_table_and_lose_no_words() -> None:
    text = (
        "ỦY BAN NHÂN DÂN\nTỈNH KIÊN GIANG\n-------\n|\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n|\n"
        "Số: 77/KH-UBND\n|\nKiên Giang, ngày 3 tháng 4 năm 2023\n|\nKẾ HOẠCH\nChuyển đổi số năm 2023\n"
    )
    blocks = text_blocks(text)

    assert not [block for block in blocks if block.kind == "table_cell"]
    words = " ".join(block.text for block in blocks)
    for part in ("TỈNH KIÊN GIANG", "CỘNG HÒA", "Số: 77/KH-UBND", "ngày 3 tháng 4 năm 2023", "KẾ HOẠCH"):
        assert part in words
    assert "|" not in words


def test_letter_head_above_a_flattened_table_does_not_become_part_of_it() -> None:
    text = (
        "SỞ THÔNG TIN\n|\nĐộc lập - Tự do - Hạnh phúc\n|\nSố: 12/BC-STTTT\n|\nHà Nam, ngày 2 tháng 5 năm 2024\n|\n"
        "BÁO CÁO\nKết quả năm 2023\nSở báo cáo kết quả như sau.\n"
        + "Đoạn văn.\n" * 9
        + cells_one_a_line(PLAN)
    )
    assert tables(text) == [PLAN]


def test_signature_bars_below_the_text_are_no_table() -> None:
    text = "Nơi nhận:\n- Lưu: VT, 12.\n|\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n|\n"

    assert tables(text) == []


INLINE = "STT | Chỉ tiêu | ĐVT | Năm 2023\n1 | Thuê bao di động | thuê bao | 1.234.567\n2 | Hộ có cáp quang | % | 75,4\n"


def test_rows_with_cells_side_by_side_are_a_table() -> None:
    assert tables("Bảng số liệu\n" + INLINE) == [
        [
            ["STT", "Chỉ tiêu", "ĐVT", "Năm 2023"],
            ["1", "Thuê bao di động", "thuê bao", "1.234.567"],
            ["2", "Hộ có cáp quang", "%", "75,4"],
        ]
    ]


def test_empty_cell_between_bars_keeps_its_column() -> None:
    text = (
        "Chỉ tiêu | 2022 | 2023\nHộ có Internet | | 80%\nSố trạm 4G | 120 | \nDân số phủ sóng | 90% | 95%\n"
    )

    assert tables(text)[0][1] == ["Hộ có Internet", "", "80%"]


def test_bars_at_both_edges_of_a_row_make_no_cells() -> None:
    text = "| Chỉ tiêu | 2022 | 2023 |\n| Hộ có Internet | 70% | 80% |\n| Số trạm 4G | 120 | 140 |\n"

    assert tables(text)[0] == [
        ["Chỉ tiêu", "2022", "2023"],
        ["Hộ có Internet", "70%", "80%"],
        ["Số trạm 4G", "120", "140"],
    ]


def test_group_row_between_rows_spans_the_table() -> None:
    text = INLINE.replace("1 | Thuê", "Hạ tầng viễn thông\n1 | Thuê")
    group = next(block for block in text_blocks(text) if block.text == "Hạ tầng viễn thông")

    assert (group.kind, group.column_span) == ("table_cell", 4)


def test_header_one_cell_a_line_above_rows_side_by_side() -> None:
    text = "STT\n|\nChỉ tiêu\n|\nNăm 2022\n|\nNăm 2023\n1 | Thuê bao 4G | 100 | 120\n2 | Hộ có cáp quang | 61% | 66%\n"

    assert grid(text_blocks(text)) == [
        ["STT", "Chỉ tiêu", "Năm 2022", "Năm 2023"],
        ["1", "Thuê bao 4G", "100", "120"],
        ["2", "Hộ có cáp quang", "61%", "66%"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Trang chủ | Tin tức | Liên hệ",
        "Thứ Hai, 12/6/2023 | 08:00",
        "Sở Thông tin | Bản đồ\nGiới thiệu | Văn bản",
    ],
)
def test_bars_of_a_menu_or_dateline_are_no_table(text: str) -> None:
    assert tables(text) == []


def test_two_tables_are_counted_apart() -> None:
    text = INLINE + "\n" + "Đoạn văn giữa hai bảng.\n" * 4 + "\n" + INLINE

    assert {block.table_no for block in text_blocks(text) if block.table_no} == {1, 2}


@given(st.text(alphabet="ab1 |\n", max_size=80))
def test_parts_hold_every_line_in_order(text: str) -> None:
    lines = lines_of(text)

    assert "\n".join(line.text for line in lines) == text
    assert all(text[line.start : line.end] == line.text for line in lines)


PLAIN_LINES = ["3%", "4", "", "Chữ thường", "I", "12,5%"]
BARS = st.lists(st.sampled_from(["|", "|", *PLAIN_LINES]), max_size=40)
ROWS = st.lists(st.sampled_from(["a | b", "1 | 2%", "Thôn | | 3", *PLAIN_LINES]), max_size=40)


@given(BARS | ROWS)
def test_no_word_of_any_barred_text_is_lost_or_doubled(lines: list[str]) -> None:
    text = "\n".join(lines)
    read = " ".join(block.text for block in text_blocks(text))
    marks = " ".join(block.marker or "" for block in text_blocks(text))

    def words(source: str) -> list[str]:
        return sorted(source.replace("|", " ").split())

    assert words(f"{read} {marks}") == words(text)


def test_the_last_cell_may_follow_the_last_bar() -> None:
    (kind, grid), *rest = [
        part
        for part in split_tables("TT\n|\nTên\n|\n2023\n|\n1\n|\nA\n|\n5%\n|\n2\n|\nB\n|\n7%\nNguồn: Sở")
        if part[1]
    ]

    assert kind == "table"
    assert len(grid) == 3
    assert all(len(row) == 3 for row in grid)
    assert [line.text for _, part in rest for line in part] == ["Nguồn: Sở"]


def test_words_behind_an_empty_line_head_another_table() -> None:
    text = "Tên | Số hộ\nA | 5\nB | 6\n\nChỉ tiêu | ĐVT | 2022 | 2023\nHộ có Internet | % | 80 | 90\nHộ có cáp quang | % | 70 | 75\n"
    grids = [part for kind, part in split_tables(text) if kind == "table"]

    assert [[len(row) for row in grid] for grid in grids] == [[2, 2, 2], [4, 4, 4]]


def test_rows_apart_by_empty_lines_are_one_table() -> None:
    text = "Tên | Số hộ | Tỷ lệ\n\nA | 5 | 1%\n\nB | chưa có số liệu | không rõ\n\nC | 6 | 2%\n"
    grids = [part for kind, part in split_tables(text) if kind == "table"]

    assert [sum(len(row) == 3 for row in grid) for grid in grids] == [4]


def test_markdown_table_loses_only_its_rule() -> None:
    text = "| TT | Xã | Thôn |\n|---|:---|---:|\n| 1 | Lý Bôn | 12 |\n| 2 | Nam Cao | 10 |"

    assert tables(text) == [[["TT", "Xã", "Thôn"], ["1", "Lý Bôn", "12"], ["2", "Nam Cao", "10"]]]


def test_one_column_of_figures_among_words_makes_a_table() -> None:
    rows = [
        ["TT", "Chỉ tiêu", "Giải thích", "ĐVT", "Mức"],
        ["I", "Hạ tầng số", "", "", ""],
        ["1", "Tỷ lệ thôn phủ sóng", "Số thôn có sóng trên số thôn", "%", "100"],
        ["2", "Tỷ lệ hộ có cáp quang", "Số hộ có cáp quang trên số hộ", "%", "82"],
    ]

    assert tables("\n".join("| " + " | ".join(row) + " |" for row in rows)) == [rows]


@pytest.mark.parametrize("rule", ["|---|---|", "|---|---|\n|---|---|"])
def test_rule_without_a_table_is_no_table(rule: str) -> None:
    assert tables(f"Kết quả\n\n{rule}\n\nHết") == []
