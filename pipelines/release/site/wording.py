"""What closed lists are called on the pages, in Vietnamese and English, and how numbers and dates are written.

Names of indicators, units and obligations are not here: they come from the catalog.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from schemas.reasons import REASON_CODES, reason_outline


class Words(NamedTuple):
    """A wording in both languages, and a sentence that explains it where one is needed."""

    vi: str
    en: str
    why_vi: str = ""
    why_en: str = ""


STATUSES = {
    "achieved": Words(
        "Đạt mục tiêu",
        "Achieved",
        "Thực tế đã bằng hoặc vượt mục tiêu của năm.",
        "The actual value reaches the target of the year.",
    ),
    "on_track": Words(
        "Đúng tiến độ",
        "On track",
        "Chưa đạt nhưng đi đúng đường tới mục tiêu (từ 95 % mức cần có trở lên theo quy tắc đánh giá).",
        "Not reached yet, but on the way to the target by the rules of progress.",
    ),
    "moderate": Words(
        "Hơi chậm",
        "Somewhat behind",
        "Có tiến bộ nhưng thấp hơn mức cần có.",
        "Progress, but less than needed.",
    ),
    "insufficient": Words(
        "Chậm nhiều",
        "Far behind",
        "Tiến bộ ít so với mức cần có.",
        "Little progress compared with what is needed.",
    ),
    "moving_away": Words(
        "Đi lùi",
        "Moving away",
        "Giá trị ngày càng xa mục tiêu.",
        "The value moves away from the target.",
    ),
    "no_target": Words(
        "Không có mục tiêu",
        "No target",
        "Có số liệu nhưng không tìm thấy mục tiêu để so sánh.",
        "There is a figure but no target to compare it with.",
    ),
    "no_observation": Words(
        "Chưa có số liệu",
        "No figure yet",
        "Có mục tiêu nhưng chưa văn bản nào cho biết kết quả.",
        "There is a target but no document gives the result.",
    ),
    "not_assessable": Words(
        "Chưa đánh giá được",
        "Not assessable",
        "Thiếu giá trị gốc hoặc dữ liệu để tính tiến độ.",
        "A base value or other data needed for progress is missing.",
    ),
}
# What a reader of the country at a glance asks first; the rest is not assessed.
STATUS_GROUPS = {
    "achieved": ("achieved",),
    "on_track": ("on_track",),
    "behind": ("moderate", "insufficient", "moving_away"),
}
BEHIND = Words(
    "Chậm", "Behind", "Hơi chậm, chậm nhiều hoặc đi lùi.", "Somewhat or far behind, or moving away."
)
KINDS = {
    "actual": Words("thực tế", "actual"),
    "estimate": Words("ước thực hiện", "estimate"),
    "baseline": Words("giá trị gốc", "baseline"),
    "target": Words("mục tiêu", "target"),
}
OBS_STATUSES = {
    "A": Words("chính thức", "normal"),
    "P": Words("sơ bộ", "provisional"),
    "E": Words("ước tính", "estimated"),
    "V": Words("chưa thẩm định", "unvalidated"),
    "L": Words("không có số liệu", "missing"),
    "M": Words("không có số liệu", "missing"),
    "B": Words("đứt chuỗi", "break in series"),
}
LEVELS = {
    "country": Words("Cả nước", "Country"),
    "province": Words("Cấp tỉnh", "Province"),
    "district": Words("Cấp huyện", "District"),
    "commune": Words("Cấp xã", "Commune"),
}
SCOPES = {
    "own": Words("của địa phương", "own"),
    "province": Words("của tỉnh", "of its province"),
    "national": Words("quốc gia", "national"),
}
BASES = {
    "stated": Words("nêu cho năm này", "stated for the year"),
    "interpolated": Words("nội suy giữa hai mốc", "interpolated"),
    "end_of_plan": Words("mục tiêu cuối kỳ", "end of the plan"),
}
DIRECTIONS = {
    "higher_is_better": Words("càng cao càng tốt", "higher is better"),
    "lower_is_better": Words("càng thấp càng tốt", "lower is better"),
}
DOCUMENT_TYPES = {
    "plan": Words("Kế hoạch", "Plan"),
    "report": Words("Báo cáo", "Report"),
    "decision": Words("Quyết định", "Decision"),
    "news": Words("Tin bài", "News"),
    "table": Words("Bảng số liệu", "Table"),
    "other": Words("Khác", "Other"),
}
COMPLIANCE = {
    "on_time": Words("Đúng hạn", "On time"),
    "late": Words("Muộn", "Late"),
    "missing": Words("Chưa nhận được", "Missing"),
    "pending": Words("Chưa đến hạn", "Not due yet"),
    "received": Words("Đã nhận, không rõ ngày", "Received, date unknown"),
}
CHANGES = {
    "added": Words("mới", "new"),
    "changed": Words("thay đổi", "changed"),
    "removed": Words("không còn", "removed"),
}
WINNING_RULES = {
    "only_value": Words("Đây là con số duy nhất được biết.", "It is the only figure known."),
    "correction": Words(
        "Bản đính chính của nhóm dữ liệu được ưu tiên hơn con số đã đọc.",
        "A correction of the data team wins over what was read.",
    ),
    "own_document": Words(
        "Văn bản của chính địa phương được ưu tiên hơn văn bản nơi khác nhắc đến.",
        "A document of the unit itself wins over a mention elsewhere.",
    ),
    "kind_final": Words(
        "Số chính thức được ưu tiên hơn số sơ bộ, rồi đến số ước và giá trị gốc.",
        "A final figure wins over a provisional one, that over an estimate, that over a baseline.",
    ),
    "later_as_of": Words(
        "Con số tính đến thời điểm muộn hơn được chọn.", "The figure that stands for the later date wins."
    ),
    "later_issue": Words(
        "Con số của văn bản ban hành sau được chọn.", "The figure of the document issued later wins."
    ),
    "later_receipt": Words(
        "Con số của văn bản nhận sau được chọn.", "The figure of the document received later wins."
    ),
    "document_order": Words(
        "Các tiêu chí khác ngang nhau: thứ tự trong văn bản quyết định.",
        "All else being equal, the order in the document decides.",
    ),
}
QUALITY_CHECKS = {
    "out_of_range": Words("ngoài khoảng hợp lệ", "out of the valid range"),
    "fraction_mismatch": Words(
        "tỷ lệ không khớp tử số và mẫu số", "percent does not fit numerator and denominator"
    ),
    "unit_slip": Words("in sai đơn vị (trên 100 dân ghi %)", "unit slip (per 100 people printed with %)"),
    "unit_no_longer_existed": Words("đơn vị không còn tồn tại", "the unit no longer existed"),
    "impossible_fall": Words("tỷ lệ lũy kế lại giảm", "cumulative coverage falls"),
    "units_exceed_whole": Words("cấp dưới cộng lại vượt cấp trên", "units below exceed their whole"),
    "units_fall_short": Words(
        "cấp dưới cộng lại thiếu so với cấp trên", "units below fall short of their whole"
    ),
    "parts_exceed_whole": Words("phần lớn hơn tổng", "parts exceed the whole"),
}
CONFLICT_TYPES = {
    "other_moment": Words("khác thời điểm", "another moment"),
    "other_kind": Words("khác loại số", "another kind"),
    "same_document": Words("cùng một văn bản", "the same document"),
    "other_document": Words("văn bản khác", "another document"),
}
REJECT_LEVELS = {
    "document": Words("văn bản", "document"),
    "block": Words("đoạn", "block"),
    "statement": Words("con số", "statement"),
}
REJECT_REASONS = {
    code: Words(reason_outline(code, "vi"), reason_outline(code, "en")) for code in REASON_CODES
}
MATCHED_BY = {
    "alias": Words("theo cách gọi trong danh mục", "by an alias of the catalog"),
    "synonyms": Words("theo từ đồng nghĩa", "by synonyms"),
    "context": Words("theo ngữ cảnh", "by its context"),
}
SHARE_BASES = {
    "equal_split_unconfirmed": Words("chia đều, chưa xác nhận", "split evenly, unconfirmed"),
}
UNIT_SUFFIXES = {
    "percent": Words("%", "%"),
    "per_100_people": Words("/100 dân", "per 100 people"),
    "mbps": Words("Mbit/s", "Mbit/s"),
    "km": Words("km", "km"),
    "money": Words("đồng", "VND"),
}
COMPARATORS = {"=": "", ">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< "}
YES_NO = {1.0: Words("Có", "Yes"), 0.0: Words("Chưa", "No")}
NARROW_SPACE = "\u202f"


@lru_cache(maxsize=4096, typed=True)
def both(vi: Hashable, en: Hashable | None = None) -> Markup:
    """Words in both languages; the stylesheet shows the one of the page's language.

    Without English words the Vietnamese ones serve both, marked as Vietnamese.
    """
    if en is None:
        return Markup('<span lang="vi">{}</span>').format(vi)
    if vi == en:
        return escape(vi)
    return Markup('<span class="v">{}</span><span class="e">{}</span>').format(vi, en)


def named(words: dict[str, Words], code: str | None) -> Markup:
    """A code of a closed list in both languages; a code that is not listed as it is."""
    if code is None:
        return Markup("")
    entry = words.get(code)
    return escape(code) if entry is None else both(entry.vi, entry.en)


def rejection(code: str, sentence: str) -> Markup:
    """A reason in both languages, and beneath it the stored sentence where it tells more than the reason."""
    shown = named(REJECT_REASONS, code)
    words = REJECT_REASONS.get(code)
    if words is not None and words.en == sentence:
        return shown
    return shown + Markup('<small class="u sub" lang="en">{}</small>').format(sentence)


def digits(value: float, decimals: int = 2) -> str:
    """A number as Vietnamese print writes it: dot for thousands, comma for decimals.

    >>> digits(80.36), digits(22000000.0), digits(-0.5), digits(1234.0)
    ('80,36', '22.000.000', '−0,5', '1.234')
    """
    text = f"{abs(value):,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = "−" if value < 0 and text.strip("0.,") else ""
    return sign + text.translate(str.maketrans(",.", ".,"))


def number(value: float | None, decimals: int = 2) -> Markup:
    """A number for the pages: Vietnamese print, the machine's number in ``value``; the script writes English."""
    if value is None:
        return Markup("")
    machine = repr(int(value)) if float(value).is_integer() else repr(round(float(value), 6))
    return Markup('<data value="{}">{}</data>').format(machine, digits(value, decimals))


def figure(value: float | None, unit: str | None, comparator: str | None = None) -> Markup:
    """A value with its unit, such as ≥ 80,36 %; empty where there is none."""
    if value is None:
        return Markup("")
    if unit == "boolean" and value in YES_NO:
        words = YES_NO[value]
        return Markup('<data value="{}">{}</data>').format(int(value), both(words.vi, words.en))
    before = COMPARATORS.get(comparator or "=", "")
    suffix = UNIT_SUFFIXES.get(unit or "")
    after = (
        Markup('<small class="u">\u00a0{}</small>').format(both(suffix.vi, suffix.en))
        if suffix
        else Markup("")
    )
    return escape(before) + number(value) + after


def plain_figure(value: float | None, unit: str | None) -> str:
    """A value with its unit as Vietnamese text, for titles of drawings."""
    if value is None:
        return "chưa có số liệu"
    if unit == "boolean" and value in YES_NO:
        return YES_NO[value].vi
    suffix = UNIT_SUFFIXES.get(unit or "")
    return digits(value) + (f" {suffix.vi}" if suffix else "")


def day(value: date | datetime | None) -> Markup:
    """A date as dd/mm/yyyy, which the script writes the English way for English readers."""
    if value is None:
        return Markup("")
    return Markup('<time datetime="{}">{}</time>').format(f"{value:%Y-%m-%d}", f"{value:%d/%m/%Y}")


def badge(status: str | None) -> Markup:
    """A progress status: sign, colour and words. What it means stands on the page of how to read."""
    if status is None:
        return Markup("")
    words = STATUSES.get(status)
    if words is None:
        return escape(status)
    return Markup('<span class="badge s-{}">{}</span>').format(status, both(words.vi, words.en))
