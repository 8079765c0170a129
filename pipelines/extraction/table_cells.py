"""What a table's cell holds: a number, yes or no, nothing, a dash, "no data", or words."""

from __future__ import annotations

import re

from pipelines.extraction.tokens import Lexer, Token

_DASHES = {"-", "–", "—", "--"}
_NO_DATA = re.compile(
    r"(?:\.{2,}|…|chưa có số liệu|không có số liệu|chưa thống kê|chưa đánh giá|n/?a|kxđ)\.?$", re.IGNORECASE
)
_YES = re.compile(r"(?:có|đã có|đã|đạt|hoàn thành|đã ban hành|đã triển khai|x|✓|✔)\.?$", re.IGNORECASE)
_NO = re.compile(
    r"(?:không|chưa|chưa có|chưa đạt|không có|chưa triển khai|chưa ban hành|không đạt)\.?$", re.IGNORECASE
)
WORDS = re.compile(r"[^\W\d_]{2,}")


def value_role(text: str, lexer: Lexer) -> str | None:
    """number, boolean, blank, dash, no_data; None for words."""
    stripped = text.strip()
    if not stripped:
        return "blank"
    if stripped in _DASHES:
        return "dash"
    if _NO_DATA.match(stripped):
        return "no_data"
    if _YES.match(stripped) or _NO.match(stripped):
        return "boolean"
    figures = [t for t in lexer.tokens(stripped) if t.kind == "figure"]
    if figures and len(WORDS.findall(stripped)) <= 6:
        return "number"
    if re.fullmatch(r"(?:19|20)\d\d", stripped):
        return "number"
    return None


def value_of(token: Token | None, text: str, role: str | None) -> tuple[float | None, str | None]:
    """(value, unit) of a cell by its role: yes is 1 and no 0, a fraction is in percent."""
    if role == "boolean":
        return (1.0 if _YES.match(text.strip()) else 0.0), "boolean"
    if role == "number" and token is None and text.strip().isdecimal():
        return float(text.strip()), None
    if role != "number" or token is None:
        return None, None
    return token.value, "percent" if token.unit == "fraction" else token.unit
