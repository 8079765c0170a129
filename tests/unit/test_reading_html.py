"""Saved pages: content in order, tables with spans, menus and footers left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.blocks import Block
from pipelines.reading.content import Content
from pipelines.reading.errors import ReadingError
from pipelines.reading.html import html_blocks
from pipelines.reading.limits import Limits


def blocks_of(body: str) -> list[Block]:
    return html_blocks(f"<html><body>{body}</body></html>")[1]


def place(block: Block) -> tuple[int | None, int | None, int, int]:
    return block.table_row, block.table_column, block.row_span, block.column_span


def test_headings_paragraphs_and_items_in_order() -> None:
    found = blocks_of(
        "<h1>Kết quả</h1><p>Năm 2023 có <b>12</b> trạm.</p><ul><li>Hộ có Internet: 80%</li><li>- Thôn: 9</li></ul>"
    )

    assert [(b.kind, b.text) for b in found] == [
        ("heading", "Kết quả"),
        ("paragraph", "Năm 2023 có 12 trạm."),
        ("list_item", "Hộ có Internet: 80%"),
        ("list_item", "Thôn: 9"),
    ]


def test_words_split_by_inline_tags_stay_one_word() -> None:
    assert [b.text for b in blocks_of("<p>Tỷ lệ <span>80</span><i>,5</i>% hộ</p>")] == ["Tỷ lệ 80,5% hộ"]


def test_line_breaks_part_paragraphs() -> None:
    assert [b.text for b in blocks_of("<p>Số trạm: 12<br>Số thôn: 9<br/>Hết</p>")] == [
        "Số trạm: 12",
        "Số thôn: 9",
        "Hết",
    ]


def test_entities_are_read() -> None:
    assert [b.text for b in blocks_of("<p>PCCC&amp;CNCH &gt; 85&#37;</p>")] == ["PCCC&CNCH > 85%"]


@pytest.mark.parametrize(
    "tag", ["nav", "footer", "aside", "script", "style", "noscript", "form", "button", "template"]
)
def test_what_is_no_content_is_left_out(tag: str) -> None:
    found = blocks_of(f"<p>Số trạm: 12</p><{tag}><p>Đang online: 345</p></{tag}><p>Hết.</p>")

    assert [b.text for b in found] == ["Số trạm: 12", "Hết."]


def test_header_of_an_article_is_content_but_its_menu_is_not() -> None:
    found = blocks_of(
        "<header><nav><a>Trang 1</a></nav><h1>Hạ tầng số năm 2024</h1></header><p>Có 5 trạm.</p>"
    )

    assert [b.text for b in found] == ["Hạ tầng số năm 2024", "Có 5 trạm."]


def test_table_keeps_rows_columns_and_header_cells() -> None:
    found = blocks_of(
        "<table><tr><th>Chỉ tiêu</th><th>2024</th></tr><tr><td>Hộ có cáp quang</td><td>80%</td></tr></table>"
    )

    assert [(b.text, b.table_row, b.table_column, b.is_header) for b in found] == [
        ("Chỉ tiêu", 1, 1, True),
        ("2024", 1, 2, True),
        ("Hộ có cáp quang", 2, 1, False),
        ("80%", 2, 2, False),
    ]
    assert {b.kind for b in found} == {"table_cell"}


def test_row_span_moves_the_cells_of_the_next_row() -> None:
    found = blocks_of(
        "<table><tr><th rowspan=2>Chỉ tiêu</th><th colspan=2>Năm 2023</th><th rowspan=2>Ghi chú</th></tr>"
        "<tr><th>KH</th><th>TH</th></tr><tr><td>Hộ</td><td>80%</td><td>81%</td><td></td></tr></table>"
    )

    assert {b.text: place(b) for b in found if b.text} == {
        "Chỉ tiêu": (1, 1, 2, 1),
        "Năm 2023": (1, 2, 1, 2),
        "Ghi chú": (1, 4, 2, 1),
        "KH": (2, 2, 1, 1),
        "TH": (2, 3, 1, 1),
        "Hộ": (3, 1, 1, 1),
        "80%": (3, 2, 1, 1),
        "81%": (3, 3, 1, 1),
    }


def test_empty_cell_is_kept() -> None:
    found = blocks_of(
        "<table><tr><td>Chỉ tiêu</td><td>2023</td><td>2024</td></tr><tr><td>Thôn</td><td></td><td>5</td></tr></table>"
    )

    assert [(b.text, b.table_column) for b in found if b.table_row == 2] == [("Thôn", 1), ("", 2), ("5", 3)]


def test_table_inside_a_layout_table_is_read_once() -> None:
    inner = "<table><tr><td>Chỉ tiêu</td><td>2024</td></tr><tr><td>Thôn</td><td>5</td></tr></table>"
    found = blocks_of(f"<table><tr><td><p>Bảng 1</p>{inner}</td></tr></table>")

    assert [b.text for b in found] == ["Bảng 1", "Chỉ tiêu", "2024", "Thôn", "5"]
    assert {b.table_no for b in found if b.kind == "table_cell"} == {1}


def test_two_tables_are_counted_apart() -> None:
    table = "<table><tr><td>Chỉ tiêu</td><td>2024</td></tr><tr><td>Thôn</td><td>5</td></tr></table>"

    assert [b.table_no for b in blocks_of(table + table)] == [1, 1, 1, 1, 2, 2, 2, 2]


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "2%"])
def test_wrong_span_counts_as_one(span: str) -> None:
    found = blocks_of(
        f'<table><tr><td colspan="{span}">A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table>'
    )

    assert [place(b)[1] for b in found] == [1, 2, 1, 2]


def test_huge_span_is_bounded() -> None:
    found = blocks_of(
        '<table><tr><td colspan="999999999">A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table>'
    )

    assert max(b.column_span for b in found) <= 1000


def test_page_without_block_elements_is_read_as_text() -> None:
    assert [b.text for b in html_blocks("<html><body>Số trạm: 12\n\nSố thôn: 9</body></html>")[1]] == [
        "Số trạm: 12",
        "Số thôn: 9",
    ]


def test_page_without_words_has_no_blocks() -> None:
    assert blocks_of("<p> </p><div><script>var a = 5;</script></div>") == []


def test_deep_nesting_is_read_without_a_crash() -> None:
    depth = 3000

    assert [b.text for b in blocks_of("<div>" * depth + "Số trạm: 12" + "</div>" * depth)] == ["Số trạm: 12"]


def test_a_page_nested_deeper_than_any_is_refused_before_it_is_parsed() -> None:
    content = Content("a.html", Limits())

    with pytest.raises(ReadingError) as caught:
        html_blocks("<div>" * 100_000 + "80%" + "</div>" * 100_000, content)

    assert caught.value.reason_code == "limit_exceeded"


def test_a_table_inside_a_cell_follows_its_table() -> None:
    inner = "<table><tr><td>a</td><td>5%</td></tr><tr><td>b</td><td>6%</td></tr></table>"
    found = blocks_of(
        f"<table><tr><td>TT</td><td>Tên</td></tr><tr><td>1</td><td>Chỉ tiêu {inner}</td></tr></table>"
    )

    assert [(b.text, b.table_no, *place(b)[:2]) for b in found] == [
        ("TT", 1, 1, 1), ("Tên", 1, 1, 2), ("1", 1, 2, 1), ("Chỉ tiêu", 1, 2, 2),
        ("a", 2, 1, 1), ("5%", 2, 1, 2), ("b", 2, 2, 1), ("6%", 2, 2, 2),
    ]  # fmt: skip


def test_a_table_that_holds_an_article_is_walked_through() -> None:
    found = blocks_of(
        "<table><tr><td>Tin tức</td><td>Ảnh</td></tr><tr><td><h1>Kết quả</h1><p>Số trạm: 12</p></td><td></td></tr></table>"
    )

    assert [(b.kind, b.text) for b in found if b.text in {"Kết quả", "Số trạm: 12"}] == [
        ("heading", "Kết quả"),
        ("paragraph", "Số trạm: 12"),
    ]


def test_hidden_elements_inside_each_other_are_left_out_once() -> None:
    content = Content("a.html", Limits())
    _, blocks = html_blocks(
        '<html><body><p>Số trạm: 12</p><div hidden>nháp <p style="display:none">80%</p></div></body></html>',
        content,
    )

    assert [block.text for block in blocks] == ["Số trạm: 12"]
    assert [(one.reason_code, one.quote) for one in content.omissions] == [("hidden_content", "nháp 80%")]


CONTENT = st.lists(
    st.tuples(
        st.sampled_from(["p", "div", "li", "h2", "td", "span", "table", "tr", "b"]),
        st.sampled_from(["Số trạm: 12", "a) Thôn", "80,5%", "", "Năm 2024 &amp; 2025"]),
    ),
    max_size=15,
)


@given(CONTENT)
def test_offsets_point_at_each_block_of_any_page(content: list[tuple[str, str]]) -> None:
    page = "".join(f"<{tag}>{words}</{tag}>" for tag, words in content)
    text, blocks = html_blocks(f"<html><body><p>Đầu</p>{page}</body></html>")

    for block in blocks:
        assert block.text == text[block.char_start : block.char_end]


@given(CONTENT)
def test_no_digit_of_any_page_is_lost_or_doubled(content: list[tuple[str, str]]) -> None:
    page = "".join(f"<{tag}>{words}</{tag}>" for tag, words in content)
    blocks = html_blocks(f"<html><body><p>Đầu</p>{page}</body></html>")[1]

    def digits(text: str) -> int:
        return sum(map(str.isdigit, text))

    assert sum(digits(block.text) for block in blocks) == sum(digits(words) for _, words in content)
