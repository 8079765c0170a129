"""List and heading markers, and what only looks like one."""

from __future__ import annotations

import pytest

from pipelines.reading.markers import is_row_number, marker


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Phần thứ nhất", ("Phần thứ nhất", 1)),
        ("PHỤ LỤC II", ("PHỤ LỤC II", 1)),
        ("Phụ lục", ("Phụ lục", 1)),
        ("Chương IV", ("Chương IV", 1)),
        ("I. Đánh giá", ("I.", 2)),
        ("XIV. Kết luận", ("XIV.", 2)),
        ("II - Mục tiêu", ("II -", 2)),
        ("1. Hạ tầng", ("1.", 3)),
        ("12) Sở Y tế", ("12)", 3)),
        ("(3) Nền tảng số", ("(3)", 3)),
        ("2.1. Băng rộng", ("2.1.", 4)),
        ("2.1 Băng rộng", ("2.1", 4)),
        ("3.1.2. Thôn, bản", ("3.1.2.", 4)),
        ("a) Mục đích", ("a)", 5)),
        ("đ) Họp trực tuyến", ("đ)", 5)),
        ("(b) Nội dung", ("(b)", 5)),
        ("- Tỷ lệ", ("-", 6)),
        ("-Tỷ lệ", ("-", 6)),
        ("– Tỷ lệ", ("–", 6)),
        ("• Tỷ lệ", ("•", 6)),
        ("+ Tỷ lệ", ("+", 7)),
    ],
)
def test_marker_and_level(line: str, expected: tuple[str, int]) -> None:
    assert marker(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "100% các xã",
        "2023 là năm dữ liệu",
        "80.36% hộ gia đình",
        "1.234 trạm BTS",
        "-5% so với cùng kỳ",
        "---- ----",
        "Iphone và máy tính bảng",
        "an toàn thông tin",
        "I",
        "9/10 xã có cáp quang",
        "Phụ lục1",
    ],
)
def test_line_without_marker(line: str) -> None:
    assert marker(line) == (None, 0)


@pytest.mark.parametrize("cell", ["I", "IX", "1", "12", "1.2", "1.2.3", "1.", "2)", "a", "đ", "b)", "A"])
def test_cell_that_numbers_its_row(cell: str) -> None:
    assert is_row_number(f" {cell} ")


@pytest.mark.parametrize("cell", ["TT", "2023", "100%", "1,5", "ab", "", "1.234", "Có", "-"])
def test_cell_that_numbers_no_row(cell: str) -> None:
    assert not is_row_number(cell)
