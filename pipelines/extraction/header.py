"""What a document says of itself: title, number, type, date, and the year that "hiện nay" means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.extraction.dateline import dateline, is_dateline, is_only_dateline, stamped_title
from pipelines.extraction.kinds import heading_cue
from pipelines.extraction.periods import find_periods
from pipelines.reading.blocks import Block
from pipelines.reading.sidecar import Sidecar

_HEAD_BLOCKS = 14
_LONGEST_TITLE = 250
_LONGEST_TITLE_SENTENCE = 120
_NUMBER = re.compile(r"Số\s*:\s*(?P<number>\d[\w.]*\s?/\s?[A-ZĐ][\w\s/&-]*[\wĐ])")
_NUMBER_IN_TEXT = re.compile(
    r"(?:Kế hoạch|Quyết định|Báo cáo|Công văn)\s+số\s+(?P<number>\d+\s?/\s?[A-ZĐ][\wĐ]*(?:\s?-\s?[\wĐ]+)*)"
)
_ISSUES = re.compile(r"^Ngày\s+\S+[^.]{0,120}\bban hành\b", re.IGNORECASE)
_TYPE_WORDS = (
    ("report", r"báo cáo|kết quả|tình hình thực hiện"),
    ("decision", r"quyết định|giao chỉ tiêu"),
    (
        "plan",
        r"kế hoạch|đề án|chương trình hành động|mục tiêu|phấn đấu|(?:giao|các|–|-) chỉ tiêu (?:đến|năm|phát triển)|– chỉ tiêu$|(?<!tính )(?<!liệu )đến năm|triển khai chiến lược|điều chỉnh, bổ sung|sẽ\b",
    ),
)
_STATISTICS = re.compile(r"số liệu (?:đến|tính đến|năm|thống kê)|niên giám|thống kê|tính đến")
_DEVELOPMENT = re.compile(r"phát triển (?!thuê bao).{0,80}giai đoạn(?!.{0,20}nông thôn mới)")
_COMPARED = re.compile(r"(?:so với|cùng kỳ|cùng kì|so)(?:\s+(?:cùng kỳ|cùng kì|năm|tháng|thời điểm))*$")
# What stands below a picture, not above a text.
_CAPTION = re.compile(r"(?:Ảnh|Hình ảnh|Hình minh h[oọ][aạ]|Một góc|Toàn cảnh|Minh họa)(?!\w)", re.IGNORECASE)
_ISSUER = re.compile(r"ủy ban nhân dân|uỷ ban nhân dân|ubnd|sở |bộ |phòng |chính phủ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """The document's own words about itself, a sidecar's statements coming first.

    `reference_year` is the year of the page, null when nothing gives it. `target_year` is the
    horizon that the title gives ("giai đoạn 2023-2025", "đến năm 2025"). `place_text` holds the
    words in which matching looks for the document's own unit. `title_blocks` are the numbers of the
    blocks of the title, `date_blocks` of those that hold nothing but the page's date.
    """

    title: str | None
    title_blocks: frozenset[int]
    date_blocks: frozenset[int]
    document_type: str
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    reference_year: int | None
    target_year: int | None
    default_kind: str
    place_text: str


def read_header(blocks: Sequence[Block], sidecar: Sidecar) -> Header:
    """The header of a document from its first blocks and its sidecar."""
    head = [(no, block) for no, block in enumerate(blocks[:_HEAD_BLOCKS]) if block.kind != "table_cell"]
    title_blocks = _title_blocks(head)
    title = sidecar.title or " ".join(blocks[no].text for no in title_blocks) or None
    printed_title = " ".join(blocks[no].text for no in title_blocks) or title or ""
    printed_title = stamped_title(printed_title) or printed_title
    dates = [
        found
        for no, block in head
        if (no not in title_blocks or stamped_title(block.text)) and (found := dateline(block.text))
    ]
    page_year = next((p.year for p in dates if p.year), None)
    document_type = sidecar.document_type or _document_type(printed_title, blocks, page_year)
    issued = (
        sidecar.issued_on
        or (_issue_date(head[:5]) if document_type in {"plan", "decision"} else None)
        or next((p.as_of for p in dates if p.precision == "date"), None)
    )
    title_year, target_year = _title_years(printed_title, document_type, page_year)
    target_year = target_year or _announced_year(head, title_blocks)
    page_year = issued.year if issued else page_year or _event_year(head, title_blocks)
    reference_year = sidecar.reference_year or (
        (page_year or title_year) if document_type in {"plan", "decision"} else (title_year or page_year)
    )
    return Header(
        title=title,
        title_blocks=frozenset(title_blocks),
        date_blocks=frozenset(
            no for no, block in head if no not in title_blocks and is_only_dateline(block.text)
        ),
        document_type=document_type,
        document_number=sidecar.document_number or _document_number(head),
        issuer=sidecar.issuer
        or next((b.text for _, b in head if len(b.text) < 120 and _ISSUER.match(b.text)), None),
        issued_on=issued,
        reference_year=reference_year,
        target_year=target_year,
        default_kind="target" if document_type == "plan" else "actual",
        place_text=sidecar.admin_unit or _place_text(head, title_blocks, blocks),
    )


def _title_blocks(head: list[tuple[int, Block]]) -> list[int]:
    """Numbers of the blocks that make the title.

    A letter names its sort ("KẾ HOẠCH", "BÁO CÁO") in capitals, alone or with the title behind it.
    """
    for position, (no, block) in enumerate(head):
        words = block.text.strip("* ")
        if re.match(
            r"(?:KẾ HOẠCH|BÁO CÁO|QUYẾT ĐỊNH|ĐỀ ÁN|CHƯƠNG TRÌNH|THÔNG BÁO|NGHỊ QUYẾT|TỜ TRÌNH)\b", words
        ):
            numbers = [no]
            for after_no, after in head[position + 1 : position + 4]:
                if (
                    len(words) > 40
                    or len(after.text) > 250
                    or after.level
                    or re.match(r"(?:Căn cứ|Kính gửi|Thực hiện|Số:)", after.text)
                ):
                    break
                numbers.append(after_no)
                words += " " + after.text
            return numbers
    for no, block in head[:3]:
        is_sentence = len(block.text) > _LONGEST_TITLE_SENTENCE and block.text.endswith(".")
        if (
            len(block.text) <= _LONGEST_TITLE
            and not is_sentence
            and not is_dateline(block.text)
            and not _CAPTION.match(block.text)
            and not block.text.endswith("|")
        ):
            return [no]
    return []


def _issue_date(head: list[tuple[int, Block]]) -> date | None:
    for _, block in head:
        if _ISSUES.match(block.text):
            dates = [
                p.as_of for _, _, p in find_periods(block.text[:60]) if p.precision == "date" and p.as_of
            ]
            if dates:
                return dates[0]
    return None


# "Kế hoạch chuyển đổi số thành phố Huế năm 2026 vừa được ban hành": the plan that a page tells of.
_ANNOUNCED = re.compile(
    r"(?<!\w)(?:kế hoạch|chương trình|đề án)\s+(?!số\s)[^.;:]{3,160}?(?P<years>(?:năm|giai đoạn|đến năm)\s+20\d\d(?:\s*[-–]\s*20\d\d)?)"
    r"[^.;:]{0,60}?(?<!\w)(?:ban hành|phê duyệt|đặt (?:ra\s+)?mục tiêu|xác định)",
    re.IGNORECASE,
)
_ANNOUNCEMENTS = 3


def _announced_year(head: list[tuple[int, Block]], title_blocks: list[int]) -> int | None:
    """The year to which the plan reaches that the first paragraphs say was issued."""
    body = [block.text for no, block in head if no not in title_blocks]
    for text in body[:_ANNOUNCEMENTS]:
        told = _ANNOUNCED.search(text)
        if told:
            return max((p.year for _, _, p in find_periods(told.group("years")) if p.year), default=None)
    return None


# "Sáng ngày 24/4/2024, Ủy ban ... tổ chức": an undated page is of the day of what it begins with.
_EVENT_DAY = re.compile(
    r"\W*(?:[^.;]{0,40}[–-]\s)?(?:(?:sáng|chiều|tối|trưa|vừa qua|mới đây)\W+)*(?:ngày|hôm)\s", re.IGNORECASE
)


# "Thông tin được công bố ngày 2/7, tại hội nghị giao ban Quý II/2025": when the news was told.
_TOLD_AT = re.compile(
    r"\W*(?:đây là |đó là )?(?:thông tin|số liệu|con số)(?:\s+(?:trên|này|nêu trên))?\s+(?:vừa\s+|đã\s+)?được\s+(?:công bố|đưa ra|chia sẻ|cho biết|nêu)",
    re.IGNORECASE,
)
_TOLD_WITHIN = 160


def _event_year(head: list[tuple[int, Block]], title_blocks: list[int]) -> int | None:
    for no, block in head:
        if no in title_blocks:
            continue
        told = _TOLD_AT.match(block.text)
        if told:
            spans = find_periods(block.text[told.end() : told.end() + _TOLD_WITHIN])
            year = next((p.year for _, _, p in spans if p.year), None)
            if year:
                return year
        opening = _EVENT_DAY.match(block.text)
        if opening and not _ISSUES.match(block.text):
            spans = find_periods(block.text[: opening.end() + 24])
            year = next((p.year for _, _, p in spans if p.precision == "date" and p.year), None)
            if year:
                return year
    return None


def _document_number(head: list[tuple[int, Block]]) -> str | None:
    for pattern in (_NUMBER, _NUMBER_IN_TEXT):
        for _, block in head:
            match = pattern.search(block.text) if not block.text.startswith("Căn cứ") else None
            if match:
                return re.sub(r"\s", "", match.group("number"))
    return None


def _document_type(title: str, blocks: Sequence[Block], page_year: int | None) -> str:
    """Type of a document by its title; a period that has passed, or mere statistics, make no plan."""
    lowered = title.lower()
    cells = sum(block.kind == "table_cell" for block in blocks)
    mostly_table = cells > len(blocks) / 2
    if _STATISTICS.search(lowered):
        return "table" if mostly_table else "report"
    for name, pattern in _TYPE_WORDS:
        if re.search(pattern, lowered):
            return name
    ranges = [p for _, _, p in find_periods(title) if p.precision == "range"]
    ahead = any(page_year is None or (p.year or 0) >= page_year for p in ranges)
    if ahead and not mostly_table and _DEVELOPMENT.search(lowered):
        return "plan"
    return "table" if mostly_table else "news"


def _title_years(
    title: str, document_type: str, page_year: int | None = None
) -> tuple[int | None, int | None]:
    """(year that the title reports on, year that it plans for); one after the page's own year is planned for.

    >>> _title_years("Kết quả chuyển đổi số năm 2023", "report"), _title_years("Hạ tầng số giai đoạn 2023 – 2025", "plan")
    ((2023, None), (None, 2025))
    """
    report_year = target_year = None
    cue = heading_cue(title)
    aims = cue is not None and cue.kind == "target"
    for start, _, period in find_periods(title):
        before = title[:start].lower().rstrip()
        if _COMPARED.search(before):
            continue
        ahead = page_year is not None and (period.year or 0) > page_year
        horizon = ahead or period.precision == "range" or before.endswith(("đến", "đến hết", "tới", "vào"))
        if horizon or aims or document_type in {"plan", "decision"}:
            target_year = (
                max(filter(None, (target_year, period.year)), default=None)
                if not before.endswith("tầm nhìn")
                else target_year
            )
        else:
            report_year = report_year or period.year
    return report_year, target_year


def _place_text(head: list[tuple[int, Block]], title_blocks: list[int], blocks: Sequence[Block]) -> str:
    """Title, letter head, beginning of the text and dateline, in the order in which a place counts."""
    titles = [stamped_title(blocks[no].text) or blocks[no].text for no in title_blocks]
    dated = [b.text for no, b in head if no not in title_blocks and is_dateline(b.text) and len(b.text) < 120]
    letter = [
        b.text
        for no, b in head
        if no not in title_blocks
        and b.text not in dated
        and len(b.text) < 120
        and not b.text.startswith("Kính gửi")
        and not b.text.rstrip().endswith((".", ";", ":"))
    ]
    used = {*(blocks[no].text for no in title_blocks), *letter, *dated}
    body = [
        b.text[:400] for b in blocks if b.text not in used and not b.text.startswith(("Căn cứ", "Kính gửi"))
    ]
    parts = (" ".join(titles), " ; ".join(letter[:8]), " ; ".join(body[:12])[:3600], " ; ".join(dated))
    return " ¦ ".join(part.replace(" ¦ ", " ; ") for part in parts)


def kind_of_heading(text: str, document_type: str) -> str | None:
    """Kind of the figures under a heading; a status section of a plan gives baselines."""
    cue = heading_cue(text)
    if cue is None:
        return None
    return cue.kind if cue.kind != "baseline" or document_type in {"plan", "decision"} else "actual"
