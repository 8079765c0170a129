"""List and heading markers of Vietnamese administrative documents: I., 1., 1.1., a), đ), -, +."""

from __future__ import annotations

import re

_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        1,
        re.compile(
            r"(?:Phần thứ [\w]+|PHẦN [IVX\d]+|Phụ lục(?: [IVX\d]+)?|PHỤ LỤC(?: [IVX\d]+)?|Chương [IVX\d]+)(?=[.:\s]|$)"
        ),
    ),
    (2, re.compile(r"(?:[IVXLC]{1,6}(?:\.|\)|\s*-)|Điều \d{1,3}\.)(?=\s)")),
    (4, re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?:\.(?=\s+[^\W\d_])|(?=\s+(?!Mb|Gb)[^\W\d_a-zđ]))")),
    (3, re.compile(r"(?:\d{1,3}[.)]|\(\d{1,2}\))(?=\s+\S)")),
    (5, re.compile(r"(?:[a-zđ][.)]|\([a-zđ]\))(?=\s+\S)")),
    (6, re.compile(r"[-–—•●▪*](?=\s*\S)(?!\d)(?!-)")),
    (7, re.compile(r"\+(?=\s*\S)(?!\d)")),
)


def marker(text: str) -> tuple[str | None, int]:
    """The marker a line begins with and its level; (None, 0) without one.

    >>> marker("3.1. Mạng băng rộng"), marker("đ) Họp trực tuyến"), marker("100% các xã")
    (('3.1.', 4), ('đ)', 5), (None, 0))
    >>> marker("Điều 1. Mục tiêu đến năm 2025:")
    ('Điều 1.', 2)
    """
    for level, pattern in _LEVELS:
        found = pattern.match(text)
        if found:
            return found.group(), level
    return None, 0


_ROW_NUMBER = re.compile(r"(?:[IVXLC]{1,6}|\d{1,3}(?:\.\d{1,2}){0,2}|[a-zđA-ZĐ])[.)]?$")


def is_row_number(text: str) -> bool:
    """Whether a cell is a row's number: I, 1, 1.2, a, đ.

    >>> [is_row_number(cell) for cell in ("IV", "đ", "12", "TT", "100%", "2023")]
    [True, True, True, False, False, False]
    """
    return bool(_ROW_NUMBER.match(text.strip()))
