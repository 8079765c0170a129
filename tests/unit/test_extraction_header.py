"""What a document says of itself, and the sidecar's word above it."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.extraction.header import Header, kind_of_heading, read_header
from pipelines.reading.sidecar import Sidecar
from pipelines.reading.text import text_blocks

LETTER = """ỦY BAN NHÂN DÂN
TỈNH HÀ NAM

Số: 77/KH-UBND

Hà Nam, ngày 3 tháng 4 năm 2023

KẾ HOẠCH
Phát triển hạ tầng số tỉnh Hà Nam giai đoạn 2023-2025

Căn cứ Quyết định số 12/QĐ-TTg ngày 2/1/2021 của Thủ tướng Chính phủ;

Tỷ lệ hộ có Internet đạt 80%.
"""


def header(text: str, sidecar: Sidecar | None = None) -> Header:
    return read_header(text_blocks(text), sidecar or Sidecar())


def test_letter_is_read() -> None:
    found = header(LETTER)

    assert found.title is not None
    assert "Phát triển hạ tầng số tỉnh Hà Nam" in found.title
    assert (found.document_type, found.default_kind) == ("plan", "target")
    assert found.document_number == "77/KH-UBND"
    assert found.issued_on == date(2023, 4, 3)
    assert (found.reference_year, found.target_year) == (2023, 2025)
    assert "Hà Nam" in found.place_text


def test_number_of_the_act_it_rests_on_is_not_its_own() -> None:
    assert header(LETTER.replace("Số: 77/KH-UBND\n", "")).document_number != "12/QĐ-TTg"


def test_sidecar_is_believed_before_the_text() -> None:
    stated = Sidecar(
        issuer="Sở TTTT",
        document_number="9/BC",
        title="Báo cáo",
        document_type="report",
        issued_on=date(2024, 1, 2),
        admin_unit="tỉnh Lai Châu",
    )
    found = header(LETTER, stated)

    assert (found.issuer, found.document_number, found.title, found.document_type) == (
        "Sở TTTT",
        "9/BC",
        "Báo cáo",
        "report",
    )
    assert (found.issued_on, found.default_kind, found.place_text) == (
        date(2024, 1, 2),
        "actual",
        "tỉnh Lai Châu",
    )


def test_stated_reference_year_wins() -> None:
    assert header(LETTER, Sidecar(reference_year=2022)).reference_year == 2022


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Kế hoạch phát triển hạ tầng số tỉnh Hà Nam đến năm 2025", "plan"),
        ("Báo cáo kết quả chuyển đổi số tỉnh Hà Nam năm 2023", "report"),
        ("Kết quả thực hiện chuyển đổi số năm 2023", "report"),
        ("Quyết định giao chỉ tiêu chuyển đổi số năm 2024", "decision"),
        ("Phấn đấu phủ sóng 5G toàn tỉnh", "plan"),
        ("Hà Nam có thêm trạm phát sóng", "news"),
    ],
)
def test_type_of_a_document_by_its_title(title: str, kind: str) -> None:
    assert header(f"{title}\n\nNội dung có 5 trạm.").document_type == kind


def test_report_is_of_the_year_in_its_title_and_not_of_its_issue() -> None:
    found = header("Kết quả chuyển đổi số năm 2022\n\nNgày 15/01/2023\n\nTỷ lệ hộ có Internet đạt 80%.")

    assert found.reference_year == 2022


def test_document_without_any_year_has_none() -> None:
    found = header("Hạ tầng viễn thông huyện Văn Yên\n\nToàn huyện có 120 trạm.")

    assert (found.reference_year, found.target_year, found.issued_on) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("20:59, Thứ Hai, 9-10-2023", date(2023, 10, 9)),
        ("Ngày đăng: 12/06/2024", date(2024, 6, 12)),
        ("Thứ Tư, ngày 5/3/2025 08:00", date(2025, 3, 5)),
        ("Cập nhật: 30/9/2022", date(2022, 9, 30)),
    ],
)
def test_dateline_of_a_page(line: str, day: date) -> None:
    assert header(f"Hà Nam có thêm trạm 5G\n\n{line}\n\nĐến nay có 5 trạm.").issued_on == day


def test_date_within_a_sentence_does_not_date_the_page() -> None:
    assert (
        header("Hà Nam có thêm trạm 5G\n\nTừ khi khai trương 12/6/2019 đến nay có 5 trạm.").issued_on is None
    )


@pytest.mark.parametrize(
    ("heading", "document_type", "kind"),
    [
        ("I. HIỆN TRẠNG", "plan", "baseline"),
        ("I. HIỆN TRẠNG", "report", "actual"),
        ("II. MỤC TIÊU", "report", "target"),
        ("Kết quả đạt được", "report", "actual"),
        ("Quan điểm", "plan", None),
    ],
)
def test_kind_of_the_figures_under_a_heading(heading: str, document_type: str, kind: str | None) -> None:
    assert kind_of_heading(heading, document_type) == kind


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Báo Bình Định, 08/01/2024", date(2024, 1, 8)),
        ("Đời sống - Công nghệ - Ngày đăng : 15:44, 06/07/2023", date(2023, 7, 6)),
        ("Minh Anh - 17/07/2025 11:02", date(2025, 7, 17)),
        ("date 2025-11-16 Chủ Nhật, 16/11/2025", date(2025, 11, 16)),
        ("(Chinhphu.vn) - 12/3/2024", date(2024, 3, 12)),
    ],
)
def test_page_is_dated_by_a_short_line_behind_who_published_it(line: str, day: date) -> None:
    found = header(f"Hạ tầng số phủ khắp cả nước\n\n{line}\n\nĐến nay, 98% hộ có Internet.\n")

    assert (found.issued_on, found.reference_year) == (day, day.year)
    assert found.date_blocks == {1}


def test_year_in_the_title_after_the_page_is_planned_for() -> None:
    found = header("100% hộ có cáp quang vào cuối năm 2025\n\n20/05/2024\n\nHiện 80% hộ có cáp quang.\n")

    assert (found.reference_year, found.target_year) == (2024, 2025)
