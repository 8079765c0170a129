"""What a column header, row label, group or caption of a table says: period, kind, unit, role, place and label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.extraction.discourse import Discourse
from pipelines.extraction.kinds import heading_cue
from pipelines.extraction.numbers import SCALES
from pipelines.extraction.periods import Period, find_periods
from pipelines.extraction.places import TYPED
from pipelines.extraction.table_cells import WORDS
from pipelines.extraction.tokens import Lexer

_CHANGE_HEADER = re.compile(
    r"(?:tăng|giảm|so với|so cùng|so sánh|chênh lệch|tốc độ (?:tăng|phát triển)|chỉ số phát triển|năm trước\s*=\s*100)",
    re.IGNORECASE,
)
_COMPLETION_HEADER = re.compile(
    r"(?:hoàn thành|TH\s*/\s*KH|so (?:với )?KH|thực hiện so với|% KH|tỷ lệ thực hiện|đạt kế hoạch|so với kế hoạch)",
    re.IGNORECASE,
)
_RANK_HEADER = re.compile(r"(?:xếp hạng|thứ hạng|^hạng$)", re.IGNORECASE)
PART_HEADER = re.compile(
    r"(?:(?:trong đó|chia ra|bao gồm|gồm|of which|in which)(?!\w)[\s:–-]*)+", re.IGNORECASE
)
_LABEL_START = re.compile(r"(?:tỷ|tỉ|tổng|số|mật độ|tốc độ|doanh thu)(?!\w)", re.IGNORECASE)
_BARE_WORDS = 3
_RESULT_SHORT = re.compile(r"(?<!\w)TH(?!\w)|thực hiện|kết quả|đạt được|thực tế")
_PLAN_SHORT = re.compile(r"(?<!\w)(?:KH|MT|CT)(?!\w)|kế hoạch|mục tiêu|chỉ tiêu|phấn đấu", re.IGNORECASE)
_ESTIMATE_SHORT = re.compile(r"(?<!\w)(?:ước|ƯTH|UTH|dự kiến|dự ước)(?!\w)", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    """What a column header, row label, group or caption says."""

    text: str = ""
    period: Period | None = None
    kind: str | None = None
    status: str = "A"
    unit: str | None = None
    factor: float = 1.0
    role: str | None = None
    place: str | None = None
    # A period that is a horizon: "đến năm 2025", "định hướng đến năm 2030".
    until: bool = False
    label: str = ""
    part_of: str = ""


def is_bare(label: str) -> bool:
    """Whether a label is no name of its own, but of a part: "5G", "Thành thị".

    >>> is_bare("Thành thị"), is_bare("Số hộ"), is_bare("Thuê bao Internet cáp quang")
    (True, False, False)
    """
    return not _LABEL_START.match(label) and len(WORDS.findall(label)) <= _BARE_WORDS


def unit_in(text: str, lexer: Lexer) -> str | None:
    """The unit of the first figure of a text that has one."""
    for token in lexer.tokens(text):
        if token.kind == "figure" and token.unit not in {None, "fraction"}:
            return token.unit
    return None


_HORIZON = re.compile(
    r"(?<!tính )(?:đến|tới|định hướng|tầm nhìn)(?: (?:đến|hết))*(?: năm)?\s*$", re.IGNORECASE
)
_FACTOR = re.compile(
    r"^\s*(?:(?P<scale>nghìn|ngàn|triệu|tỷ|tỉ|vạn)(?!\w)|(?P<number>1[.,]?000)(?!\d))", re.IGNORECASE
)


def factor_of(unit_text: str) -> float:
    """What a printed unit multiplies its figures by.

    >>> factor_of("Nghìn thuê bao"), factor_of("1.000 TB"), factor_of("Thuê bao")
    (1000.0, 1000.0, 1.0)
    """
    match = _FACTOR.match(unit_text)
    if match is None:
        return 1.0
    return SCALES[match.group("scale").lower()] if match.group("scale") else 1000.0


_TRANSLATED = re.compile(
    r"\s+[-–/]\s+(?=[ -~]+$)(?=.*(?<![a-z])(?:city|town|district|commune|ward|province|total|whole|of|number|percentage|subscribers?|urban|rural|per|unit|index)(?![a-z]))",
    re.IGNORECASE,
)


def without_translation(text: str) -> str:
    """A label of a yearbook without its English half.

    >>> without_translation("Huyện Mai Châu - Mai Chau district"), without_translation("Bà Rịa - Vũng Tàu")
    ('Huyện Mai Châu', 'Bà Rịa - Vũng Tàu')
    >>> without_translation("Số thuê bao Internet (Nghìn thuê bao) - Number of subscribers (Thous. subscribers)")
    'Số thuê bao Internet (Nghìn thuê bao)'
    """
    return _TRANSLATED.split(text, maxsplit=1)[0]


def read_head(text: str, lexer: Lexer, discourse: Discourse, *, is_caption: bool = False) -> Head:
    """Reads period, kind, unit, role and place out of a header, leaving the words that name a figure."""
    text = without_translation(text)
    head = Head(text=text)
    if not text:
        return head
    periods = [(start, p) for start, _, p in find_periods(text) if p.year]
    if periods:
        start, period = periods[-1]
        head.period = period.with_year(discourse.header.reference_year)
        head.until = head.period.as_of is None and _HORIZON.search(text, 0, start) is not None
    if _COMPLETION_HEADER.search(text) and not is_caption:
        head.role = "plan_completion"
    elif re.search(r"chỉ số phát triển|năm trước\s*=\s*100", text, re.IGNORECASE):
        head.role = "index"
    elif _CHANGE_HEADER.match(text.strip("(+- ")) and not is_caption:
        head.role = "change"
    elif _RANK_HEADER.search(text) and not is_caption:
        head.role = "rank"
    cue = heading_cue(text)
    if _ESTIMATE_SHORT.search(text):
        head.kind, head.status = "estimate", "E"
    elif _PLAN_SHORT.search(text) and not is_caption:
        head.kind = "target"
    elif _RESULT_SHORT.search(text) and not is_caption:
        head.kind = "actual"
    elif cue and not is_caption:
        head.kind, head.status = cue.kind, cue.status
    if cue and cue.status == "P":
        head.kind, head.status = "estimate", "P"
    unit = re.search(r"(?:ĐVT|Đơn vị(?: tính)?)\s*:\s*([^()|¦;]{1,24})", text, re.IGNORECASE) or re.search(
        r"\(([^()]{1,24})\)\s*$", text
    )
    if unit:
        head.unit = unit_in(f"1 {unit.group(1).strip()}", lexer)
        head.factor = factor_of(unit.group(1))
    if re.search(
        r"(?:/\s*|trên\s+|bình quân\s+)100\s*(?:người\s+)?(?:dân|người)|mật độ (?:thuê bao|điện thoại|internet)",
        text,
        re.IGNORECASE,
    ):
        head.unit = "per_100_people"
    place = TYPED.search(text)
    if place and not is_caption and len(place.group()) >= 0.6 * len(text):
        head.place = place.group()
    head.label = text
    return head


def words_without_period(text: str) -> list[str]:
    """The words of a header that say neither when nor whether planned or reached."""
    masked = list(text)
    for start, end, _ in find_periods(text):
        masked[start:end] = " " * (end - start)
    rest = re.sub(
        r"(?<!\w)(?:năm|sơ bộ|ước|prel|tính|thực hiện|kế hoạch|mục tiêu|chỉ tiêu|TH|KH|đến|hết|cuối|tháng|quý|preliminary)(?!\w)",
        " ",
        "".join(masked),
        flags=re.IGNORECASE,
    )
    return WORDS.findall(rest)
