"""Periods as written: years, ranges, months, quarters, half-years, dates, and words like "đến nay"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_Y = r"(?:19[89]\d|20[0-6]\d)"
# A number before one of these counts them, even where it could be a year.
_COUNTED = (
    r"trạm|thuê bao|hộ|thôn|bản|xã|người|hồ sơ|vị trí|cột|tài khoản|lượt|văn bản|doanh nghiệp|khách hàng|km"
)
_DASH = r"\s*[-–—]\s*"

PERIOD_PATTERNS: tuple[tuple[str, str], ...] = (
    ("date_words", rf"ngày\s+(?P<dw_d>\d{{1,2}})\s+tháng\s+(?P<dw_m>\d{{1,2}})(?:\s+năm\s+(?P<dw_y>{_Y}))?"),
    (
        "date_range",
        rf"\d{{1,2}}(?:/\d{{1,2}})?{_DASH}(?P<dr_d>\d{{1,2}})/(?P<dr_m>\d{{1,2}})/(?P<dr_y>{_Y})(?!\d)",
    ),
    (
        "date",
        rf"(?<![\d/.])(?P<da_d>\d{{1,2}})(?P<da_s>[/.-])(?P<da_m>\d{{1,2}})(?P=da_s)(?P<da_y>{_Y})(?!\d)",
    ),
    (
        "iso_date",
        r"(?<![\d/.-])(?P<is_y>20\d\d)-(?P<is_m>0[1-9]|1[0-2])(?:-(?P<is_d>0[1-9]|[12]\d|3[01]))?(?![\d-]|[./]\d)",
    ),
    (
        "months",
        rf"(?P<mo_n>[369]|ba|sáu|chín|nửa)\s+(?:tháng\s+)?(?P<mo_h>đầu|cuối)\s*(?:của\s+)?(?:năm\s+(?:nay|(?P<mo_y>{_Y}))|/(?P<mo_y2>{_Y}))?",
    ),
    ("months_year", rf"(?P<my_n>[369]|11|10)\s+tháng\s+(?:năm\s+|/\s*)(?P<my_y>{_Y})"),
    (
        "quarter",
        rf"quý\s+(?P<qu_q>IV|I{{1,3}}|[1-4])(?![\w])(?:\s*(?:/|-|,?\s*năm\s+|\s)\s*(?P<qu_y>{_Y}))?",
    ),
    ("month_year", rf"tháng\s+(?P<mm_m>\d{{1,2}})\s*(?:[/.-]|,?\s*năm\s+)\s*(?P<mm_y>{_Y})(?!\d)"),
    ("month_slash", rf"(?<![\d/.,])(?P<ms_m>0?[1-9]|1[0-2])\s?[/-]\s?(?P<ms_y>{_Y})(?![\d/]|\.\d)"),
    ("month", r"tháng\s+(?P<mn_m>1[0-2]|0?[1-9])(?![\d/.,]*\d)"),
    (
        "range",
        rf"(?:từ\s+)?(?:năm\s+)?(?<!\d)(?P<ra_a>{_Y})(?:{_DASH}|\s+đến\s+(?:hết\s+)?(?:năm\s+)?|\s+tới\s+(?:năm\s+)?)(?P<ra_b>{_Y})(?![\d/])",
    ),
    (
        "day_month",
        r"(?:(?:ngày|trước|hết|từ|đến|hôm|sáng|chiều|tối|thời điểm)\s+(?P<dm_d>\d{1,2})\s?/\s?(?P<dm_m>1[0-2]|0?[1-9])(?![\d/]|\s?%)|ngày\s+(?P<dm_d2>\d{1,2})\s?[-.]\s?(?P<dm_m2>1[0-2]|0?[1-9])(?![\d./-]|\s?%))",
    ),
    ("year", rf"năm\s+(?P<ye_y>{_Y})(?![\d.,/]\d|\d)"),
    ("bare_year", rf"(?<![\d.,/-])(?<!\bsố )(?P<by_y>{_Y})(?![\d%]|[.,/-]\d)(?!\s+(?:{_COUNTED}))"),
    ("clock", r"(?<!\d)\d{1,2}[:h]\d{2}(?!\d)"),
)

_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}
_MONTHS_WORDS = {"ba": 3, "sáu": 6, "chín": 9, "nửa": 6}


@dataclass(frozen=True, slots=True)
class Period:
    """When a figure is of. `as_of` only where a month, quarter or date is printed: its last day.

    `first_year` is the start of a range (a target "giai đoạn 2023-2025" is of 2025). `precision`
    is year, range, month, quarter, months or date; `year` may be unknown ("tháng 10").
    """

    year: int | None
    precision: str
    as_of: date | None = None
    first_year: int | None = None
    month: int | None = None
    day: int | None = None

    def with_year(self, year: int | None) -> Period:
        """The same period with the year that the context gives, where it printed none."""
        if self.year is not None or year is None:
            return self
        as_of = _date_of(year, self.month, self.day) if self.month else None
        return Period(year, self.precision, as_of, None, self.month, self.day)


def _date_of(year: int, month: int, day: int | None) -> date:
    """The day of a month, its last one where none (or none that exists) is given."""
    last = month_end(year, month)
    return date(year, month, day) if day and day <= last.day else last


def month_end(year: int, month: int) -> date:
    """Last day of a month.

    >>> month_end(2024, 2)
    datetime.date(2024, 2, 29)
    """
    return date(year, month, calendar.monthrange(year, month)[1])


# Before it nothing was counted that is read here; the contracts of facts begin with it.
EARLIEST_YEAR = 1990


def period_of(name: str, groups: dict[str, str | None]) -> Period | None:
    """The period of a match of `PERIOD_PATTERNS`; None for a clock time, an impossible date or one before `EARLIEST_YEAR`."""
    period = _period_of(name, groups)
    return None if period is not None and period.year is not None and period.year < EARLIEST_YEAR else period


def _period_of(name: str, groups: dict[str, str | None]) -> Period | None:

    def number(key: str) -> int | None:
        value = groups.get(key)
        return int(value) if value else None

    if name in {"date_words", "date", "date_range"}:
        prefix = {"date_words": "dw", "date": "da", "date_range": "dr"}[name]
        day, month, year = number(f"{prefix}_d"), number(f"{prefix}_m"), number(f"{prefix}_y")
        if not day or not month or month > 12 or day > 31:
            return None
        if year is None:
            return Period(None, "date", month=month, day=day)
        try:
            return Period(year, "date", date(year, month, day), month=month)
        except ValueError:
            return None
    if name == "iso_date":
        year, month, day = number("is_y"), number("is_m"), number("is_d")
        if not year or not month:
            return None
        return Period(year, "date" if day else "month", _date_of(year, month, day), month=month, day=day)
    if name == "months":
        count = _MONTHS_WORDS.get((groups["mo_n"] or "").lower()) or number("mo_n") or 6
        year = number("mo_y") or number("mo_y2")
        month = count if (groups["mo_h"] or "").lower() == "đầu" else 12
        return Period(year, "months", month_end(year, month) if year else None, month=month)
    if name == "months_year":
        year, month = number("my_y"), number("my_n")
        return Period(year, "months", month_end(year, month) if year and month else None, month=month)
    if name == "quarter":
        raw = (groups["qu_q"] or "").upper()
        quarter = _QUARTERS.get(raw) or int(raw)
        year = number("qu_y")
        return Period(year, "quarter", month_end(year, quarter * 3) if year else None, month=quarter * 3)
    if name in {"month_year", "month_slash"}:
        prefix = "mm" if name == "month_year" else "ms"
        year, month = number(f"{prefix}_y"), number(f"{prefix}_m")
        if not year or not month or month > 12:
            return None
        return Period(year, "month", month_end(year, month), month=month)
    if name == "month":
        return Period(None, "month", month=number("mn_m"))
    if name == "range":
        first, last = number("ra_a"), number("ra_b")
        return Period(last, "range", first_year=first)
    if name == "day_month":
        return Period(
            None, "date", month=number("dm_m") or number("dm_m2"), day=number("dm_d") or number("dm_d2")
        )
    if name in {"year", "bare_year"}:
        return Period(number("ye_y") or number("by_y"), "year")
    return None


PERIOD_RE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in PERIOD_PATTERNS), re.IGNORECASE)


_MAY_HOLD_ONE = re.compile(r"\d|quý|nửa|đầu|cuối", re.IGNORECASE)


def find_periods(text: str) -> list[tuple[int, int, Period]]:
    """Every period of a text with its span.

    >>> [(p.year, str(p.as_of)) for _, _, p in find_periods("Đến hết quý I năm 2023; tháng 4/2025; 02/01/2024")]
    [(2023, '2023-03-31'), (2025, '2025-04-30'), (2024, '2024-01-02')]
    >>> [(p.first_year, p.year) for _, _, p in find_periods("giai đoạn 2026–2030, 6 tháng đầu năm 2024")]
    [(2026, 2030), (None, 2024)]
    >>> [(p.precision, str(p.as_of)) for _, _, p in find_periods("date 2023-06; 2025-10-19; 2021-2025")]
    [('month', '2023-06-30'), ('date', '2025-10-19'), ('range', 'None')]
    """
    found: list[tuple[int, int, Period]] = []
    if _MAY_HOLD_ONE.search(text) is None:
        return found
    for match in PERIOD_RE.finditer(text):
        name = match.lastgroup or ""
        name = next(n for n, _ in PERIOD_PATTERNS if match.group(n) is not None)
        period = period_of(name, match.groupdict())
        if period is not None:
            found.append((match.start(), match.end(), period))
    return found
