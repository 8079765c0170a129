"""Text that a spreadsheet program would run as a formula, and how released CSV and Excel files defuse it.

The database and Parquet files hold every text as it was read.
"""

from __future__ import annotations

import re

# What begins so is a formula for Excel, LibreOffice or Google Sheets, once text follows; the wide letters for
# Excel in East Asian settings. A single sign ("-" for a blank, "=" as comparator) is none, nor is a plain
# number or percentage. Quote marks before such a beginning count, so that defusing can be undone.
FORMULA = r"^'*(?:[=@\t\r\n＝＠]|[-+－＋])[\s\S]"
PLAIN_NUMBER = r"^[-+][0-9][0-9.,]*%?$"
QUOTE_MARK = "'"

_FORMULA = re.compile(FORMULA)
_PLAIN_NUMBER = re.compile(PLAIN_NUMBER)


def looks_like_formula(text: str) -> bool:
    r"""Whether a spreadsheet program might calculate this text.

    >>> [looks_like_formula(text) for text in ("=1+1", "@SUM(A1)", "\t=1", "-2+3", "- Tỷ lệ hộ", "＝1")]
    [True, True, True, True, True, True]
    >>> [looks_like_formula(text) for text in ("=", "-", "-1.234,5%", "80%", "a=b", "")]
    [False, False, False, False, False, False]
    """
    return _FORMULA.match(text) is not None and _PLAIN_NUMBER.match(text) is None


def defused(text: str) -> str:
    """The text with a quote mark before it where it looks like a formula; take one mark off to undo it.

    >>> defused("=1+1"), defused("'=1+1"), defused("80%")
    ("'=1+1", "''=1+1", '80%')
    """
    return QUOTE_MARK + text if looks_like_formula(text) else text


def defused_sql(column: str) -> str:
    """The same in DuckDB's SQL, for a column that is spelled as SQL spells it."""
    formula, number = (pattern.replace("'", "''") for pattern in (FORMULA, PLAIN_NUMBER))
    return (
        f"case when regexp_matches({column}, '{formula}') and not regexp_matches({column}, '{number}')"
        f" then '''' || {column} else {column} end"
    )
