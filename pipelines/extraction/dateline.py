"""Lines that date a page: "Hà Nam, ngày 3 tháng 4 năm 2023", "Báo Lào Cai, 08/01/2024", "2025-11-16 Chủ Nhật".

Only what such a line looks like and which period it gives; where in a document it counts is the header's business.
"""

from __future__ import annotations

import re

from pipelines.extraction.periods import Period, find_periods

_LONGEST = 160
_LONGEST_BYLINE = 100
_NUMERIC_DATE = r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)\d\d(?!\d)"
_ISO = r"20\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?![\d-])"
_POSTED = r"Kỳ báo cáo|Ngày đăng|Đăng ngày|Ngày xuất bản|Ngày ban hành|Cập nhật|Đăng lúc"
_CLOCK = r"\d{1,2}[:h]\d{2}(?::\d{2})?"
_OPENINGS = (
    rf"\(?\s*(?:Tin(?=[^.]*\d)|{_POSTED}|Thứ|Chủ nhật)\b",
    _CLOCK,
    _NUMERIC_DATE,
    r"Ngày\s+(?:\d[\d/.-]+|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})\s*$",
    r"(?:Tháng\s+)?\d{1,2}[/.-]\d{4}\s*$",
    rf"(?:date\s+)?{_ISO}\s*$",
)
_LETTER_HEADS = (
    r"[^,\d/]{2,40},\s*ngày\s+\d",
    r"\(?Số:?\s*\d[^,]{0,40}(?:,\s*|\s)ngày\s+\d",
    r"Số:?[^|]{0,60}\|[^|,]{2,40},\s*ngày",
    r"\(?(?:Kèm theo|Ban hành kèm theo)[^()]{0,160}ngày\s+\d",
    r"[^\d|.]{2,40}\|\s*\d{1,2}[/.-]\d",
)
_DATELINE = re.compile(rf"^(?:{'|'.join((*_OPENINGS, *_LETTER_HEADS))})", re.IGNORECASE)
# A date behind a separator in a short line: who published it stands before.
_BYLINE = re.compile(
    rf"^(?:(?:[^.;\d%]|\.(?=\w))*[^.;\s\d]\s*[,|•·:()–—-]\s*)?(?:(?:{_POSTED}|Ngày|date|lúc)\s*:?\s*)?"
    rf"(?:{_CLOCK}\s*[,|–-]?\s*(?:ngày\s+)?)?(?:{_NUMERIC_DATE}|{_ISO})",
    re.IGNORECASE,
)
_COUNTED_UP_TO = re.compile(r"(?<!\w)(?:đến|hết|từ|trước|giai đoạn)(?!\w)", re.IGNORECASE)
_DATES_AND_TIMES = re.compile(
    rf"{_NUMERIC_DATE}|{_ISO}|{_CLOCK}|GMT\s?\+?\s?\d+"
    r"|(?<!\w)(?:ngày\s+)?\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"
    r"|(?<![\d/])\d{1,2}[/.-]\d{4}(?!\d)|(?<!\w)Thứ\s+\d(?!\d)",
    re.IGNORECASE,
)
# What a saved page puts before its first paragraph.
_STAMP = re.compile(rf"\s*date\s+{_ISO}", re.IGNORECASE)
_STAMPED_TITLE = re.compile(rf"{_STAMP.pattern}\s+(?=(?:\S+\s+){{3}})", re.IGNORECASE)


def stamped_title(text: str) -> str | None:
    """The title that a saved page prints behind its stamp, None for any other line.

    >>> stamped_title("date 2025-04 Đông Giang đặt mục tiêu"), stamped_title("date 2025-04")
    ('Đông Giang đặt mục tiêu', None)
    """
    stamp = _STAMPED_TITLE.match(text)
    return text[stamp.end() :] if stamp else None


def is_dateline(text: str) -> bool:
    """Whether a line begins as one that dates the page does.

    >>> is_dateline("Báo Lào Cai, 08/01/2024"), is_dateline("Hạ tầng số đến 30/6/2023")
    (True, False)
    """
    return stamped_title(text) is None and (bool(_DATELINE.match(text)) or _is_byline(text))


def _is_byline(text: str) -> bool:
    byline = _BYLINE.match(text) if len(text) <= _LONGEST_BYLINE else None
    return byline is not None and not _COUNTED_UP_TO.search(byline.group())


def is_only_dateline(text: str) -> bool:
    """Whether a line dates the page and holds no other figure, so that nothing is to be read from it.

    >>> is_only_dateline("Tú Ân - 17/07/2025 11:02"), is_only_dateline("Ngày 8/7/2024, 98% hộ có Internet")
    (True, False)
    """
    return (
        len(text) <= _LONGEST_BYLINE
        and is_dateline(text)
        and not re.search(r"\d", _DATES_AND_TIMES.sub(" ", text))
    )


def dateline(text: str) -> Period | None:
    """The period of a line that dates the page, None for any other line.

    >>> dateline("20:59, Thứ Hai, 9-10-2023").as_of, dateline("Ngày đăng: 09/2023").year
    (datetime.date(2023, 10, 9), 2023)
    >>> dateline("date 2023-06 Con số này đã được đưa ra tại hội nghị").as_of
    datetime.date(2023, 6, 30)
    >>> dateline("Xe - Công nghệ - Ngày đăng : 15:44, 06/07/2023").as_of, dateline("date 2024-12").year
    (datetime.date(2023, 7, 6), 2024)
    """
    stamp = _STAMP.match(text)
    if stamp:
        text = stamp.group()
    elif len(text) > _LONGEST or not is_dateline(text):
        return None
    found = [p for _, _, p in find_periods(text[:120]) if p.year]
    return found[0] if found else None
