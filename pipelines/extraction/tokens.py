"""The lexer: what each number of a text is — a figure, a period, a document number, a name.

Every digit belongs to exactly one token. Figures become statements; the other tokens are used
where they stand (a period dates a figure, "5G" is part of a label) and state nothing by themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.extraction.letters import LOWER, UPPER
from pipelines.extraction.numbers import NUMBER, SCALE, SCALES, UnitSpellings, parse_number, spelled_number
from pipelines.extraction.periods import PERIOD_PATTERNS, Period, period_of

TokenKind = Literal["figure", "period", "reference", "name", "per_100", "rank", "list_number", "code"]

_LEGAL = (
    r"(?:[Nn]ghị quyết|[Qq]uyết định|[Cc]hỉ thị|[Nn]ghị định|[Tt]hông tư|[Cc]ông văn|[Vv]ăn bản|[Tt]hông báo|"
    r"[Hh]ướng dẫn|[Tt]ờ trình|[Kk]ết luận|[Cc]ông điện|Đề án|Kế hoạch|Chương trình|Luật(?:\s+[^\W\d_]+){0,4})"
)
_CODE = r"https?://\S{1,300}|www\.\S{1,200}|(?<![\w.])[\w.+-]{1,64}@[\w-]{1,64}\.\w+|\b[A-ZĐ]{2,}\d+[\w-]*|\d{2,3}[.,]\d{4,}\s?[/;]\s?\d{2,3}[.,]\d{4,}"
_REFERENCE = (
    rf"\d{{1,5}}(?:/{{1}}\d{{4}})?\s?/\s?[A-ZĐ][A-Za-zĐđ]*(?:\s?-\s?[A-ZĐ][A-Za-zĐđ0-9&]*)*|"
    rf"(?<![\d.,])\d{{1,5}}\s?-\s?[A-ZĐ]{{2,}}(?:\s?/\s?[A-ZĐ]+)?|"
    rf"{_LEGAL}\s+(?:số:?\s*)?(?!(?:19|20)\d\d\b)\d{{1,5}}(?!\d|[.,]\d|\s?%)(?:\s?/\s?(?:\d{{4}}\s?/\s?)?[A-ZĐ][A-Za-zĐđ]*(?:\s?-\s?[A-ZĐ][A-Za-zĐđ0-9&]*)*)?|"
    rf"Luật(?:\s+[^\W\d_]+){{0,4}}\s+(?:năm\s+)?(?:19|20)\d\d|"
    r"(?<![\w,]\s)\b(?:[Ss]ố|No\.?)\s*:\s*\d{1,5}(?![\d.,]*\s?%)|"
    r"\b(?:[Mm]ục|[Đđ]iều|[Kk]hoản|[Cc]hương|[Mm]ẫu|[Bb]iểu|[Pp]hụ lục|[Bb]ảng)\s+(?:số\s+)?(?:\d{1,3}(?:\.\d+)*|[IVX]+)\b(?!\s?%)"
)
_NAME = (
    r"\b[2-6]G\b(?:\s*[/,+&-]\s*[2-6]G\b)*|\bIPv\s?[46]\b|\bWi-?[Ff]i\s?[4-7]\b|\b24/(?:7|24)\b|"
    r"\b[Mm]ức(?: độ)?\s+[1-5](?:\s*(?:,|và|-|–)\s*[1-5]\b)*(?!\d|[.,]\d|\s?%|\s+(?:thuê bao|máy|trạm|hộ|người|Mb|triệu|nghìn|tỷ))|"
    r"\b[Cc]ấp(?: độ)?\s+(?:I{1,3}|IV|[1-5])\b(?![.,]\d)(?:\s*(?:,|và|-|–)\s*[1-5]\b)*|"
    r"\b[Pp]hiên bản\s+v?\d+(?:\.\d+)*|\b(?:Tier|ISO|TCVN|Windows|COVID|Covid)[\s-]*(?:\d[\d:.-]*|I{1,3}|IV)\b|"
    r"\b[Cc]ông nghiệp\s+4\.0|\blần thứ\s+(?:\d+|[^\W\d_]+)|\b[Kk]ho[áa]\s+[IVX]+\b|\b(?i:phường|quận)\s+\d{1,2}\b|"
    r"\b[Nn]ăm trước\s*=\s*100|\b[Cc]hỉ tiêu\s+(?:số\s+)?\d{1,2}(?=\s*[:.]\s)|\b[Ll]oại\s+\d\b(?![.,]\d)|\b(?:[Bb]ão|[Đđ]ường|[Qq]uốc lộ|[Kk]hu phố|[Tt]ổ|[Kk]hóm|[Ấấ]p|[Tt]hôn|[Xx]óm|[Bb]ản|[Tt]iểu khu)\s+(?:số\s+)?\d{1,3}\b(?!\s?%|[.,]\d)"
)
PER_100 = r"(?:/\s?|\btrên\s+|\btính trên\s+|\bbình quân\s+|\bcho\s+|\btính bình quân\s+)100\s*(?:người\s+)?(?:dân|người|nhân khẩu|hộ)\b"
_RANK = (
    r"\b(?:xếp|đứng|vị trí|hạng|xếp hạng|đứng hàng)?\s*(?:thứ hạng|thứ|hạng|top)\s+(?:từ\s+)?(?:thứ\s+)?\d{1,3}(?:\s?/\s?\d{1,3})?(?:\s+lên\s+(?:thứ\s+)?\d{1,3})?\b|"
    r"\bNo\.\s?\d+"
)
_LIST_NUMBER = rf"\[\d{{1,3}}\]|\(\d{{1,2}}\)(?=\s+[^\W\d_])|(?<=[.;!?]\s)\d{{1,2}}\.(?=\s+(?-i:[{UPPER}]))"
# Numbers in words count only before what reports count; "một" and "năm" are other words too.
_SPELLED = (
    r"(?:hai|ba|bốn|năm|sáu|bảy|tám|chín) mươi(?:\s+(?:mốt|hai|ba|bốn|tư|lăm|sáu|bảy|tám|chín))?|"
    r"mười(?:\s+(?:một|hai|ba|bốn|lăm|sáu|bảy|tám|chín))?|hai|ba|bốn|sáu|bảy|tám|chín"
)
_SPELLED_NOUNS = r"trạm|thuê bao|trung tâm dữ liệu|nền tảng|vị trí trạm|doanh nghiệp|thôn|xã|phường|hộ|hệ thống|tổ công nghệ"
_FRACTION = r"(?<![\d/.,])(?P<fr_a>\d{1,3}(?:\.\d{3})+|\d+)\s?/\s?(?P<fr_b>\d{1,3}(?:\.\d{3})+|\d+)(?![\d/%]|[.,]\d)(?!\s?%)"
# "100/100 dân" is a figure per 100 people, no fraction.
_FRACTION = rf"(?!\d+(?:[.,]\d+)?{PER_100}){_FRACTION}"


@dataclass(frozen=True, slots=True)
class Token:
    """One numeric token with its span in the block's text."""

    kind: TokenKind
    start: int
    end: int
    text: str
    value: float | None = None
    value_max: float | None = None
    unit: str | None = None
    has_scale: bool = False
    numerator: float | None = None
    denominator: float | None = None
    period: Period | None = None


class Lexer:
    """Finds the tokens of a text; built once for the catalog's spellings of units."""

    def __init__(self, units: UnitSpellings) -> None:
        self._units = units
        number = rf"(?:(?<![\w.,/-])|(?<=[{LOWER}(])(?=\d{{1,3}}(?:\.\d{{3}})+)|(?<=\s[-–])|(?<=^[-–])|(?<=[{LOWER}]/)(?!(?:19|20)\d\d(?!\d)))"
        scale, unit = rf"(?:\s*(?P<SCALE>{SCALE})(?![^\W\d_]))?", rf"(?:\s*(?P<UNIT>{units.pattern}))?"
        # "1 triệu 300 nghìn" is one number.
        rest = r"(?:\s+(?P<nu_c>\d{1,3})\s+(?P<nu_s3>triệu|nghìn|ngàn)(?![^\W\d_]))?"
        first = scale.replace("SCALE", "nu_s1") + rest + unit.replace("UNIT", "nu_u1")
        second = scale.replace("SCALE", "nu_s2") + unit.replace("UNIT", "nu_u2")
        figure = (
            rf"{number}(?P<nu_a>{NUMBER})(?![\d])(?:{first})"
            rf"(?:\s*(?:-|–|—|đến|tới)\s*(?P<nu_b>{NUMBER})(?!\s?/\s?\d)(?:{second}))?"
        )
        spelled = rf"(?<!\w)(?P<sp_n>{_SPELLED})(?=\s+(?:{_SPELLED_NOUNS})(?!\w))"
        periods = "|".join(f"(?P<{name}>{pattern})" for name, pattern in PERIOD_PATTERNS)
        self._period_names = [name for name, _ in PERIOD_PATTERNS]
        # Tokens begin where a word begins, at a bracket or slash, or with digits glued to a word:
        # saying so first spares trying every alternative at every letter.
        begins = rf"(?:(?<!\w)|(?=[/\[(])|(?<=[{LOWER}])(?=\d))"
        self._pattern = re.compile(
            rf"{begins}(?:(?P<CODE>(?-i:{_CODE}))|(?P<NAME>(?-i:{_NAME}))|(?P<REFERENCE>(?-i:{_REFERENCE}))|(?P<PER100>{PER_100})|"
            rf"(?P<RANK>{_RANK})|(?P<LIST>{_LIST_NUMBER})|{periods}|(?P<FRACTION>{_FRACTION})|(?P<FIGURE>{figure})|(?P<SPELLED>{spelled}))",
            re.IGNORECASE,
        )

    def tokens(self, text: str) -> list[Token]:
        """Tokens of a text from left to right."""
        found: list[Token] = []
        for match in self._pattern.finditer(text):
            token = self._token(match)
            if token is not None:
                found.append(token)
        return found

    def _token(self, match: re.Match[str]) -> Token | None:
        groups = match.groupdict()
        start, end, text = match.start(), match.end(), match.group()
        for group, kind in _PLAIN:
            if groups[group] is not None:
                return Token(kind, start, end, text)
        if groups["FRACTION"] is not None:
            above, below = parse_number(groups["fr_a"]), parse_number(groups["fr_b"])
            share = round(100 * above / below, 2) if below else None
            return Token(
                "figure", start, end, text, share, None, "fraction", numerator=above, denominator=below
            )
        for name in self._period_names:
            if groups[name] is not None:
                return Token("period", start, end, text, period=period_of(name, groups))
        if groups["SPELLED"] is not None:
            value = spelled_number(groups["sp_n"] or "")
            return Token("figure", start, end, text, float(value)) if value else None
        return self._figure(match, groups)

    def _figure(self, match: re.Match[str], groups: dict[str, str | None]) -> Token:
        first, second = groups["nu_a"] or "", groups["nu_b"]
        scale = groups["nu_s1"] or (groups["nu_s2"] if second else None)
        spelling = groups["nu_u1"] or (groups["nu_u2"] if second else None)
        unit = self._units.unit_of(spelling) if spelling else None
        factor = SCALES[re.sub(r"\s+", " ", scale.lower())] if scale else 1.0
        factor *= unit.multiplier if unit else 1.0
        grouped = scale is None and unit is None
        value = parse_number(first, grouped_comma=grouped) * factor + _rest(groups, factor)
        value_max = parse_number(second, grouped_comma=grouped) * factor if second else None
        if groups["nu_u1"] and groups["nu_u2"] and second:
            own = self._units.unit_of(groups["nu_u1"])
            value = parse_number(first) * own.multiplier
            value_max = parse_number(second) * self._units.unit_of(groups["nu_u2"]).multiplier
        start, end = match.start("nu_a"), match.end()
        return Token(
            "figure",
            start,
            end,
            match.string[start:end].rstrip(),
            _clean(value),
            None if value_max is None else _clean(value_max),
            unit.unit if unit else None,
            has_scale=scale is not None,
        )


def _rest(groups: dict[str, str | None], factor: float) -> float:
    """What a smaller scale behind the first adds: the 300 thousand of "1 triệu 300 nghìn"."""
    smaller = SCALES[(groups["nu_s3"] or "nghìn").lower()]
    return parse_number(groups["nu_c"]) * smaller if groups["nu_c"] and smaller < factor else 0.0


_PLAIN: tuple[tuple[str, TokenKind], ...] = (
    ("CODE", "code"),
    ("NAME", "name"),
    ("REFERENCE", "reference"),
    ("PER100", "per_100"),
    ("RANK", "rank"),
    ("LIST", "list_number"),
)


def _clean(value: float) -> float:
    """The value without the noise that a scale leaves (22.3 × 10⁶ is 22300000)."""
    return float(f"{value:.12g}")
