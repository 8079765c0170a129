"""Plain text to blocks: broken lines joined, headings and items told apart, offsets exact."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.text import text_blocks

WRAPPED = """I. MỤC TIÊU
1. Hạ tầng viễn thông băng rộng, phổ cập
và bền vững
Phát triển mạng băng rộng di động đến toàn bộ các thôn,
bản; mở rộng mạng cáp quang đến từng hộ gia đình trên
địa bàn tỉnh trong giai đoạn này, bảo đảm an toàn thông
tin và an ninh mạng cho người dùng.
a) Tỷ lệ hộ gia đình có cáp quang đạt 80% vào cuối năm
2025, trong đó khu vực thành thị đạt 95% và khu vực
nông thôn đạt 70%.
- Tỷ lệ người dân có điện thoại thông minh đạt
85%.
"""


def texts(source: str) -> list[str]:
    return [block.text for block in text_blocks(source)]


def test_lines_broken_in_a_sentence_are_joined() -> None:
    assert texts(WRAPPED) == [
        "MỤC TIÊU",
        "Hạ tầng viễn thông băng rộng, phổ cập và bền vững",
        (
            "Phát triển mạng băng rộng di động đến toàn bộ các thôn, bản; mở rộng mạng cáp quang đến từng hộ gia đình trên "
            "địa bàn tỉnh trong giai đoạn này, bảo đảm an toàn thông tin và an ninh mạng cho người dùng."
        ),
        (
            "Tỷ lệ hộ gia đình có cáp quang đạt 80% vào cuối năm 2025, trong đó khu vực thành thị đạt 95% và khu vực "
            "nông thôn đạt 70%."
        ),
        "Tỷ lệ người dân có điện thoại thông minh đạt 85%.",
    ]


def test_whole_paragraphs_one_a_line_are_not_joined() -> None:
    source = "\n".join(f"Đoạn thứ {number} của văn bản không có dấu chấm cuối câu" for number in range(12))

    assert len(texts(source)) == 12


def test_blank_line_ends_a_block_of_wrapped_text() -> None:
    assert texts(WRAPPED.replace("trên\nđịa bàn", "trên\n\nđịa bàn"))[3].startswith("địa bàn tỉnh")


def test_figure_broken_from_its_label_is_joined() -> None:
    assert "đạt 85%." in texts(WRAPPED)[-1]


@pytest.mark.parametrize(
    ("line", "kind", "marker", "level"),
    [
        ("I. MỤC TIÊU", "heading", "I.", 2),
        ("KẾ HOẠCH", "heading", None, 0),
        ("1. Mục tiêu chung", "heading", "1.", 3),
        ("1.2. Hạ tầng số", "heading", "1.2.", 4),
        ("a) Yêu cầu", "heading", "a)", 5),
        ("a) Tỷ lệ hộ có Internet đạt 80%.", "list_item", "a)", 5),
        ("- Tỷ lệ hộ có Internet đạt 80%", "list_item", "-", 6),
        ("+ Số trạm 4G: 120", "list_item", "+", 7),
        ("Đến nay, tỉnh có 120 trạm.", "paragraph", None, 0),
        ("100% xã có cáp quang.", "paragraph", None, 0),
    ],
)
def test_kind_marker_and_level_of_a_line(line: str, kind: str, marker: str | None, level: int) -> None:
    (block,) = text_blocks(line)

    assert (block.kind, block.marker, block.level) == (kind, marker, level)


def test_rules_of_dashes_are_no_blocks() -> None:
    assert texts("TỈNH A\n-------\n***\nNội dung.") == ["TỈNH A", "Nội dung."]


def test_text_without_words_has_no_blocks() -> None:
    assert texts(" \n\t\n---\n") == []


def lines(*bars: str) -> st.SearchStrategy[list[str]]:
    return st.lists(
        st.sampled_from(
            [
                "",
                "I. MỤC TIÊU",
                "2.1. Chỉ tiêu cụ thể",
                "a) Tỷ lệ hộ có Internet đạt 80,5%;",
                "  - Tỷ lệ thôn có sóng đạt 100%.",
                "và tỷ lệ hộ gia đình có đường truyền cáp quang đạt",
                "của các xã, phường trên địa bàn tỉnh trong năm",
                *bars,
                "Chỉ tiêu | 2023 | 2024",
                "Số trạm 4G | 12 | 15",
                "12,5%",
                "Có",
                "-----",
                "Kế hoạch số 12/KH-UBND ngày 3/4/2024",
            ]
        ),
        max_size=40,
    )


@given(lines("|"))
def test_offsets_point_at_each_block_in_the_text(source: list[str]) -> None:
    text = "\n".join(source)
    for block in text_blocks(text):
        assert block.text == text[block.char_start : block.char_end].replace("\n", " ")


@given(st.text(alphabet="aăđ ĐT1.%,;:|-+)\n", max_size=120))
def test_offsets_hold_for_any_text(text: str) -> None:
    for block in text_blocks(text):
        assert block.text == text[block.char_start : block.char_end].replace("\n", " ")


@given(lines("|"))
def test_blocks_come_in_reading_order_and_do_not_overlap(source: list[str]) -> None:
    spans = [(block.char_start, block.char_end) for block in text_blocks("\n".join(source))]

    assert spans == sorted(spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


@given(lines())
def test_every_digit_of_a_text_is_in_a_block_or_its_marker(source: list[str]) -> None:
    text = "\n".join(source)
    blocks = text_blocks(text)
    read = "".join(f"{block.marker or ''}{block.text}" for block in blocks)

    assert sum(map(str.isdigit, read)) == sum(map(str.isdigit, text))


def test_one_very_long_line_is_one_block() -> None:
    sentence = "Tỷ lệ hộ có Internet đạt 80%. "

    assert len(text_blocks(sentence * 20_000)) == 1
