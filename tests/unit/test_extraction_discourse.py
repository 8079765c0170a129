"""Period and kind of a figure in small documents: the nearest place that gives them decides."""

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
REPORT = "Báo cáo kết quả chuyển đổi số tỉnh Hà Nam năm 2023\n\n"
PLAN = "Kế hoạch phát triển hạ tầng số tỉnh Hà Nam giai đoạn 2023-2025\n\n"
NEWS = "Hà Nam có thêm trạm 5G\n\n"


def statements(text: str, **sidecar: Any) -> list[Statement]:
    file = RawFile("a.txt", "0" * 64, len(text.encode()), Sidecar(**sidecar))
    return [
        s for s in extract(read_document(text.encode(), file), LEXER).statements if s.figure_role == "level"
    ]


def dated(text: str, **sidecar: Any) -> list[tuple[float | None, str, int | None]]:
    """(value, kind, year) of every level of a document."""
    return [(s.value, s.kind, s.year) for s in statements(text, **sidecar)]


def test_figure_of_a_report_is_of_the_report() -> None:
    assert dated(REPORT + "Tỷ lệ hộ có Internet đạt 80%.") == [(80, "actual", 2023)]


def test_figure_of_a_plan_is_a_target_for_its_last_year() -> None:
    assert dated(PLAN + "Tỷ lệ hộ có Internet đạt 80%.") == [(80, "target", 2025)]


def test_year_of_the_clause_wins() -> None:
    assert dated(REPORT + "Năm 2022, tỷ lệ hộ có Internet đạt 70%.") == [(70, "actual", 2022)]


def test_period_behind_the_figure_counts() -> None:
    assert dated(REPORT + "Có 120 trạm vào cuối năm 2022.") == [(120, "actual", 2022)]


def test_end_of_a_month_is_the_day_of_the_figure() -> None:
    (found,) = statements(REPORT + "Tính đến hết tháng 11 năm 2023, toàn tỉnh có 120 trạm.")

    assert (found.kind, found.year, found.as_of) == ("actual", 2023, date(2023, 11, 30))


def test_half_year_is_estimated_where_the_text_says_so() -> None:
    (found,) = statements(REPORT + "Ước 6 tháng đầu năm 2023 có 120 trạm.")

    assert (found.kind, found.obs_status, found.as_of) == ("estimate", "E", date(2023, 6, 30))


def test_provisional_figure_is_an_estimate_of_its_own_status() -> None:
    (found,) = statements(REPORT + "Số liệu sơ bộ năm 2023 có 120 trạm.")

    assert (found.kind, found.obs_status) == ("estimate", "P")


def test_target_and_actual_in_one_sentence_are_two() -> None:
    text = REPORT + "Tỷ lệ hộ có cáp quang hiện đạt 70%, phấn đấu đến năm 2025 đạt 80%."

    assert dated(text) == [(70, "actual", 2023), (80, "target", 2025)]


def test_target_in_brackets_is_a_target_of_its_own() -> None:
    assert [kind for _, kind, _ in dated(REPORT + "Tỷ lệ hộ có cáp quang đạt 80% (mục tiêu 75%).")] == [
        "actual",
        "target",
    ]


def test_target_in_brackets_does_not_make_its_neighbours_targets() -> None:
    text = REPORT + "Tỷ lệ hộ có cáp quang đạt 80% (mục tiêu 75%), số trạm đạt 12."

    assert [kind for _, kind, _ in dated(text)] == ["actual", "target", "actual"]


def test_coming_year_makes_a_target_without_a_word() -> None:
    assert dated(REPORT + "Đến năm 2025, 100% thôn có sóng.") == [(100, "target", 2025)]


def test_several_target_years_keep_their_own() -> None:
    text = PLAN + "Tỷ lệ hộ có Internet năm 2023 đạt 70%, năm 2024 đạt 75%, năm 2025 đạt 80%."

    assert dated(text) == [(70, "target", 2023), (75, "target", 2024), (80, "target", 2025)]


def test_heading_gives_kind_and_year() -> None:
    text = (
        PLAN
        + "I. HIỆN TRẠNG ĐẾN NĂM 2022\n\nTỷ lệ hộ có Internet đạt 60%.\n\nII. MỤC TIÊU ĐẾN NĂM 2025\n\nTỷ lệ hộ có Internet đạt 80%.\n"
    )

    assert dated(text, issued_on=date(2023, 4, 3)) == [(60, "baseline", 2022), (80, "target", 2025)]


def test_lead_in_with_a_colon_holds_for_its_list() -> None:
    text = (
        REPORT
        + "Phấn đấu đến năm 2025:\n- Tỷ lệ hộ có Internet đạt 80%.\n- Tỷ lệ thôn có sóng đạt 100%.\n\nHiện nay, toàn tỉnh có 120 trạm.\n"
    )

    assert dated(text) == [(80, "target", 2025), (100, "target", 2025), (120, "actual", 2023)]


def test_estimate_of_a_lead_in_holds_for_its_list() -> None:
    text = REPORT + "Kết quả ước năm 2024:\n- Tỷ lệ hộ có Internet đạt 80%.\n- Tỷ lệ thôn có sóng đạt 100%.\n"

    assert dated(text, issued_on=date(2024, 11, 1), reference_year=2024) == [
        (80, "estimate", 2024),
        (100, "estimate", 2024),
    ]


def test_next_heading_ends_what_the_last_one_said() -> None:
    text = (
        REPORT
        + "I. MỤC TIÊU NĂM 2025\n\nTỷ lệ hộ có Internet đạt 80%.\n\nII. KẾT QUẢ\n\nToàn tỉnh có 120 trạm.\n"
    )

    assert dated(text) == [(80, "target", 2025), (120, "actual", 2023)]


def test_now_is_the_year_of_the_page() -> None:
    assert dated(NEWS + "Ngày đăng: 12/06/2024\n\nHiện nay, toàn tỉnh có 120 trạm.") == [
        (120, "actual", 2024)
    ]


def test_without_any_date_the_year_stays_unknown() -> None:
    assert dated(NEWS + "Hiện nay, toàn tỉnh có 120 trạm.") == [(120, "actual", None)]


def test_sidecar_gives_the_year_that_the_file_cannot_say() -> None:
    assert dated(NEWS + "Hiện nay, toàn tỉnh có 120 trạm.", reference_year=2025) == [(120, "actual", 2025)]


@pytest.mark.parametrize(
    "words",
    [
        "Kế hoạch số 12/KH-UBND ngày 3/4/2019: toàn tỉnh có 120 trạm.",
        "So với năm 2019, toàn tỉnh có 120 trạm.",
        "Kể từ năm 2019, toàn tỉnh có 120 trạm.",
    ],
)
def test_year_that_is_not_of_the_figure(words: str) -> None:
    assert dated(REPORT + words) == [(120, "actual", 2023)]


def test_status_section_of_a_plan_gives_baselines() -> None:
    assert [
        kind for _, kind, _ in dated(PLAN + "I. THỰC TRẠNG\n\nHiện nay tỷ lệ hộ có Internet đạt 60%.\n")
    ] == ["baseline"]


def test_rule_that_dated_a_figure_is_kept() -> None:
    found = statements(REPORT + "Năm 2022 có 100 trạm. Toàn tỉnh hiện nay có 120 trạm.")

    assert [s.year_basis for s in found] == ["clause", "document"]


def test_sentence_behind_now_is_of_the_same_period() -> None:
    undated = "Chuyển đổi số\n\nNăm 2020 có thêm nhiều trạm, tăng 7%. Đến nay có 120 trạm. Tỷ lệ hộ có Internet đạt 60%."

    assert dated(undated) == [(120, "actual", 2020), (60, "actual", 2020)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tháng 3/2022 tốc độ giảm 6 bậc, xuống vị trí thứ 56. Cụ thể, tốc độ đạt 34 Mbps.",
            (34, "actual", 2022),
        ),
        ("Toàn tỉnh hiện nay có 120 trạm.\n\nTính đến hết tháng 6-2014 có hồ sơ mới.", (120, "actual", 2014)),
        ("Hiện nay có 120 trạm.\n\nQuyết định ngày 6/1/2022 là đề án lớn.", (120, "actual", None)),
    ],
    ids=["rank tells the period", "counted up to later", "date of a decision"],
)
def test_period_that_an_undated_page_tells(text: str, expected: tuple[float, str, int | None]) -> None:
    assert expected in dated("Chuyển đổi số\n\n" + text)


def test_sentence_that_sets_an_aim_dates_the_targets_behind_it() -> None:
    text = (
        "Hà Nam ban hành quy hoạch với mục tiêu đến năm 2015.\n\nTheo quy hoạch sẽ có 45% hộ có điện thoại."
    )

    assert dated(text) == [(45, "target", 2015)]


def test_plan_that_the_page_tells_of_gives_the_year_of_its_targets() -> None:
    text = "Hà Nam đặt mục tiêu lớn\n\nKế hoạch chuyển đổi số tỉnh Hà Nam năm 2026 vừa được ban hành.\n\n"

    assert dated(text + "Phấn đấu 80% hộ có Internet.") == [(80, "target", 2026)]


def test_end_of_the_year_is_of_the_section() -> None:
    plan = "Kế hoạch chuyển đổi số xã Ba Tơ năm 2026\n\nNgày 20 tháng 01 năm 2026\n\nI. KẾT QUẢ NĂM 2025\n\n"

    assert dated(plan + "Đến cuối năm, xã có 12 trạm.") == [(12, "actual", 2025)]


def test_end_of_the_year_of_a_status_section_is_no_target() -> None:
    plan = (
        "KẾ HOẠCH\nPhát triển hạ tầng số tỉnh Hà Nam giai đoạn 2021-2025\n\nHà Nam, ngày 21 tháng 12 năm 2020\n\n"
        "I. HIỆN TRẠNG\n\n"
    )

    assert dated(plan + "Đến cuối năm 2020, toàn tỉnh có 1.243 trạm.") == [(1243, "baseline", 2020)]


def test_statistics_are_no_targets_in_a_text_of_targets() -> None:
    plan = "Kế hoạch hạ tầng số tỉnh Hà Nam năm 2026\n\nNgày 20 tháng 01 năm 2026\n\nPhấn đấu 95% dân số có 5G.\n\n"

    assert dated(plan + "Theo thống kê của Bộ cuối năm 2025, độ phủ 4G đạt 99,8%.")[-1] == (
        99.8,
        "actual",
        2025,
    )
