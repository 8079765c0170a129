"""Cue words, comparators and the roles that keep a figure from passing for a level."""

from __future__ import annotations

import pytest

from pipelines.extraction.kinds import comparator, figure_role, find_cues, heading_cue


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("mục tiêu đạt", ["target"]),
        ("phấn đấu đến năm 2025 đạt", ["target"]),
        ("sẽ có", ["target"]),
        ("ước đạt", ["estimate"]),
        ("dự kiến có", ["estimate"]),
        ("sơ bộ có", ["estimate"]),
        ("hiện có", ["actual"]),
        ("đến nay đạt", ["actual"]),
        ("tính đến tháng 6, đã có", ["actual", "actual"]),
        ("hiện trạng là", ["baseline"]),
        ("mục tiêu 30%; hiện đạt", ["target", "actual"]),
        ("tổ chức thực hiện", []),
        ("thể hiện ở", []),
        ("xuất hiện", []),
        ("hiện đại hóa mạng lưới", []),
        ("hiện tượng", []),
        ("nước sạch và ướp lạnh", []),
    ],
)
def test_cues_of_running_text(text: str, kinds: list[str]) -> None:
    assert [cue.kind for cue in find_cues(text)] == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Mục tiêu đến năm 2025", "target"),
        ("II. CHỈ TIÊU CHỦ YẾU", "target"),
        ("KH 2024", "target"),
        ("Định hướng đến năm 2030", "target"),
        ("Kết quả đạt được", "actual"),
        ("Tình hình thực hiện năm 2023", "actual"),
        ("Kết quả đạt được ước năm 2024:", "estimate"),
        ("Ước thực hiện năm 2024", "estimate"),
        ("Số liệu sơ bộ năm 2023", "estimate"),
        ("HIỆN TRẠNG HẠ TẦNG", "baseline"),
        ("Thực trạng phát triển", "baseline"),
        ("Quan điểm", None),
        ("Hạ tầng viễn thông", None),
        ("Nhiệm vụ, giải pháp", None),
    ],
)
def test_cue_of_a_heading(text: str, kind: str | None) -> None:
    cue = heading_cue(text)

    assert (cue.kind if cue else None) == kind


def test_provisional_and_estimated_have_their_own_status() -> None:
    assert [cue.status for cue in find_cues("sơ bộ, ước")] == ["P", "E"]


@pytest.mark.parametrize(
    ("before", "after", "sign", "approximate"),
    [
        ("đạt ", "%", "=", False),
        ("đạt trên ", "%", ">", False),
        ("có hơn ", " trạm", ">", False),
        ("đạt > ", "%", ">", False),
        ("đạt tối thiểu ", "%", ">=", False),
        ("ít nhất ", " trạm", ">=", False),
        ("không dưới ", "%", ">=", False),
        ("≥ ", "%", ">=", False),
        ("đạt ", " trở lên", ">=", False),
        ("từ ", " thuê bao trở lên", ">=", False),
        ("dưới ", "%", "<", False),
        ("không quá ", "%", "<=", False),
        ("tối đa ", "%", "<=", False),
        ("≤", "%", "<=", False),
        ("gần ", " trạm", "<", True),
        ("khoảng ", "%", "=", True),
        ("xấp xỉ ", "%", "=", True),
        ("đạt khoảng trên ", " thuê bao", ">", True),
        ("ước đạt gần ", " trạm", "<", True),
        ("TRÊN ", "%", ">", False),
    ],
)
def test_comparator_of_the_words_around_a_figure(
    before: str, after: str, sign: str, approximate: bool
) -> None:
    assert comparator(before, after)[:2] == (sign, approximate)


@pytest.mark.parametrize(
    ("before", "after", "unit", "role"),
    [
        ("Tỷ lệ hộ có Internet đạt ", "", "percent", "level"),
        ("đạt 78%, tăng ", " so với cùng kỳ", "percent", "change"),
        ("đạt 78%, tăng thêm ", "", "percent", "change"),
        ("giảm khoảng ", " so với năm trước", "percent", "change"),
        ("cao hơn ", " so với mức trung bình", "percent", "change"),
        ("đạt 120 trạm, phát triển mới ", " trạm", None, "change"),
        ("gấp ", " lần năm 2020", "other", "change"),
        ("tăng lên ", " (cao hơn năm trước)", "percent", "level"),
        ("giảm còn ", "", "percent", "level"),
        ("tăng từ ", " lên 52 Mbps", "mbps", "previous"),
        ("đạt 80% so với ", " của năm trước", "percent", "previous"),
        ("cùng kỳ năm trước là ", "", "percent", "previous"),
        ("đạt ", " kế hoạch năm", "percent", "plan_completion"),
        ("đạt ", " chỉ tiêu được giao", "percent", "plan_completion"),
        ("trung bình thế giới là ", "", "mbps", "comparison"),
        ("trị giá ", "", "money", "money"),
        ("doanh thu đạt 2 ", "", "money", "money"),
        ("chỉ số phát triển (năm trước = 100) là ", "", "percent", "index"),
    ],
)  # fmt: skip
def test_role_of_a_figure(before: str, after: str, unit: str | None, role: str) -> None:
    assert figure_role(before, after, unit, has_scale=False) == role


def test_scaled_number_after_a_money_word_is_money_without_a_currency() -> None:
    assert figure_role("tổng kinh phí ", "", None, has_scale=True) == "money"
    assert figure_role("tổng thuê bao ", "", None, has_scale=True) == "level"


def test_what_was_developed_since_a_date_is_growth() -> None:
    after = " thuê bao cáp quang so với đầu năm"

    assert figure_role("đã phát triển hơn ", after, None, has_scale=True) == "change"
    assert figure_role("hiện có hơn ", " thuê bao cáp quang", None, has_scale=True) == "level"


@pytest.mark.parametrize("text", ["Huyện Giao Thủy", "tài khoản giao dịch thanh toán", "HUYỆN GIAO THỦY"])
def test_assigning_is_not_read_in_a_name_or_another_word(text: str) -> None:
    assert heading_cue(text) is None


@pytest.mark.parametrize("text", ["Giao năm 2024", "Tỉnh giao", "Giao"])
def test_assigning_makes_a_target(text: str) -> None:
    cue = heading_cue(text)

    assert cue is not None
    assert cue.kind == "target"
