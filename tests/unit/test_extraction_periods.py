"""Periods in every form that plans and reports print."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.periods import Period, find_periods, month_end


def period(text: str) -> Period:
    """The only period of a text."""
    ((_, _, found),) = find_periods(text)
    return found


@pytest.mark.parametrize(
    ("text", "year", "as_of", "precision"),
    [
        ("năm 2024", 2024, None, "year"),
        ("Năm  2024", 2024, None, "year"),
        ("đến 2030", 2030, None, "year"),
        ("tháng 6/2023", 2023, "2023-06-30", "month"),
        ("tháng 6 năm 2023", 2023, "2023-06-30", "month"),
        ("Tháng 6 năm 2023", 2023, "2023-06-30", "month"),
        ("tháng 02 năm 2024", 2024, "2024-02-29", "month"),
        ("tháng 12.2022", 2022, "2022-12-31", "month"),
        ("06/2023", 2023, "2023-06-30", "month"),
        ("ngày 14/12/2023", 2023, "2023-12-14", "date"),
        ("ngày 12 tháng 10 năm 2023", 2023, "2023-10-12", "date"),
        ("30.6.2022", 2022, "2022-06-30", "date"),
        ("9-10-2023", 2023, "2023-10-09", "date"),
        ("01-02/9/2023", 2023, "2023-09-02", "date"),
        ("quý I năm 2023", 2023, "2023-03-31", "quarter"),
        ("Quý II/2023", 2023, "2023-06-30", "quarter"),
        ("quý 3/2023", 2023, "2023-09-30", "quarter"),
        ("quý IV năm 2022", 2022, "2022-12-31", "quarter"),
        ("6 tháng đầu năm 2024", 2024, "2024-06-30", "months"),
        ("sáu tháng đầu năm 2024", 2024, "2024-06-30", "months"),
        ("9 tháng đầu năm 2024", 2024, "2024-09-30", "months"),
        ("nửa đầu năm 2025", 2025, "2025-06-30", "months"),
        ("6 tháng cuối năm 2024", 2024, "2024-12-31", "months"),
        ("9 tháng năm 2024", 2024, "2024-09-30", "months"),
        ("giai đoạn 2023-2025", 2025, None, "range"),
        ("giai đoạn 2023 – 2025", 2025, None, "range"),
        ("từ năm 2021 đến năm 2025", 2025, None, "range"),
        ("tháng 10", None, None, "month"),
        ("quý III", None, None, "quarter"),
        ("6 tháng đầu năm", None, None, "months"),
        ("ngày 15/12", None, None, "date"),
    ],
)
def test_period_as_printed(text: str, year: int | None, as_of: str | None, precision: str) -> None:
    found = period(f"{text}, toàn tỉnh")

    assert (found.year, str(found.as_of) if found.as_of else None, found.precision) == (
        year,
        as_of,
        precision,
    )


def test_range_keeps_its_first_year() -> None:
    assert period("giai đoạn 2021-2025").first_year == 2021


@pytest.mark.parametrize(
    "text",
    [
        "2024 trạm",
        "có 2.024 trạm",
        "đạt 2023%",
        "20235 thuê bao",
        "từ 08:30",
        "lúc 7h30",
        "tỷ lệ 12/20 xã",
        "12,2023",
        "tháng 13/2023",
        "ngày 31/02/2023",
        "năm 1875",
        "QĐ 885/2023/QĐ",
    ],
)
def test_text_that_gives_no_date(text: str) -> None:
    assert [p for _, _, p in find_periods(text) if p.precision != "year" and p.as_of] == []


@pytest.mark.parametrize(
    "text", ["có 2.024 trạm", "đạt 2023%", "20235 thuê bao", "lúc 7h30", "12,2023", "năm 1875", "1.2023 km"]
)
def test_number_that_only_looks_like_a_year(text: str) -> None:
    assert [p.year for _, _, p in find_periods(text) if p.year] == []


@given(
    st.dates(date(1990, 1, 1), date(2069, 12, 31)),
    st.sampled_from(
        ["{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "ngày {d} tháng {m} năm {y}"]
    ),
)
def test_any_date_reads_back_as_itself(day: date, form: str) -> None:
    printed = form.format(d=day.day, m=day.month, y=day.year)

    assert period(f"Đến {printed}, tỉnh có sóng").as_of == day


@given(
    st.integers(1990, 2069),
    st.integers(1, 12),
    st.sampled_from(["tháng {m}/{y}", "tháng {m:02}/{y}", "tháng {m} năm {y}", "tháng {m:02} năm {y}"]),
)
def test_any_month_ends_on_its_last_day(year: int, month: int, form: str) -> None:
    assert period(form.format(m=month, y=year)).as_of == date(
        year, month, calendar.monthrange(year, month)[1]
    )


@given(
    st.integers(1990, 2069),
    st.sampled_from(["năm {y}", "năm {y}.", "(năm {y})", "năm {y};", "năm {y}: 5", "năm {y}, 7"]),
)
def test_any_year_reads_back_as_itself(year: int, form: str) -> None:
    assert period(form.format(y=year)) == Period(year, "year")


@given(
    st.integers(1990, 2060),
    st.integers(1, 9),
    st.sampled_from(["-", " - ", "–", " – ", " đến ", " đến năm "]),
)
def test_any_range_of_years_belongs_to_its_last_year(first: int, length: int, joint: str) -> None:
    found = period(f"giai đoạn {first}{joint}{first + length} của tỉnh")

    assert (found.first_year, found.year, found.as_of) == (first, first + length, None)


@given(st.text(alphabet="0123456789/-. năm tháng quý đến IV", max_size=40))
def test_periods_of_any_text_lie_in_it_in_order(text: str) -> None:
    spans = [(start, end) for start, end, _ in find_periods(text)]

    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)


def test_year_of_the_context_completes_a_month_but_never_changes_a_year() -> None:
    assert period("tháng 10").with_year(2023) == Period(2023, "month", date(2023, 10, 31), None, 10)
    assert period("quý III").with_year(2023).as_of == date(2023, 9, 30)
    assert period("tháng 10").with_year(None).year is None
    assert period("năm 2024").with_year(2023).year == 2024


def test_last_day_of_february() -> None:
    assert (month_end(2023, 2), month_end(2024, 2)) == (date(2023, 2, 28), date(2024, 2, 29))


def test_year_before_all_that_is_read_is_no_period() -> None:
    assert find_periods("Từ năm 1986 đến nay; 2/9/1985") == []


def test_number_of_a_document_is_no_year() -> None:
    assert find_periods("Báo cáo số 1995 của huyện") == []
