"""Kinds (actual, estimate, baseline, target), comparators and the role of a figure.

Growth, ranks, money and the like are figures too, but only a level can become a fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_W = r"(?<!\w)"
_E = r"(?!\w)"

_TARGET = re.compile(
    rf"{_W}(?:mục tiêu|phấn đấu|(?<!thực hiện )(?<!hiện các )(?<!so với )(?<!vượt )(?<!thành )(?<!về )chỉ tiêu(?!\s+(?!phấn đấu|năm|đến|đề ra|đặt ra|giao|được giao|kế hoạch)[^,;.:\d]{{3,60}}\s(?:đã\s)?đạt\s)|KH(?=\s*[:=]?\s*(?:\d|$))|hướng (?:đến|tới)|định hướng|sẽ|đặt ra|cần đạt|phải đạt|(?<!vượt )(?<!so )(?<!với )(?<!đạt )(?<!thành )(?<!% )kế hoạch (?:năm|đến|giai đoạn|đề ra)|(?<=\()kế hoạch(?=(?:\s+(?:giao|năm|đề ra|được giao))*\s*[:=]?\s*(?:trên |từ )?\d)|theo kế hoạch|KH năm|quyết tâm|bảo đảm đến|đảm bảo đến|nâng tỷ lệ|(?:để|nhằm)\s+(?:[^,;.\d]{{1,40}}\s)?(?:đảm bảo|bảo đảm)){_E}",
    re.IGNORECASE,
)
_ESTIMATE = re.compile(
    rf"{_W}(?:ước(?: tính| đạt| thực hiện| cả năm| năm)?|dự ước|dự kiến|ước TH|UTH){_E}", re.IGNORECASE
)
_PROVISIONAL = re.compile(rf"{_W}(?:sơ bộ|prel\.?|provisional){_E}", re.IGNORECASE)
_ACTUAL = re.compile(
    rf"{_W}(?:hiện nay|(?<!phát )(?<!thực )hiện tại|hiện có|(?<!thực )(?<!thể )(?<!phát )(?<!xuất )(?<!biểu )(?<!hội )hiện(?! đại| thực| tượng| hữu| diện| vật| trạng)|đến nay|tính đến|tính từ|đã|thực tế|thực hiện được|thực hiện(?=\s*(?:đến (?:hết )?)?(?:(?:năm|tháng) )?[\d/]*\s*:)|TH(?=\s*:)|(?<!trả )kết quả(?! giải quyết| xử lý| đo| thủ tục| TTHC)|đạt được|đang|thời điểm|cập nhật|theo (?:số liệu )?thống kê){_E}",
    re.IGNORECASE,
)
_STATUS = re.compile(rf"{_W}(?:hiện trạng|thực trạng){_E}", re.IGNORECASE)
_RESULT = re.compile(rf"{_W}(?:kết quả|tình hình|thực hiện năm|TH năm|đánh giá){_E}", re.IGNORECASE)
# The verb of assigning a target, not a name ("Giao Thủy") or another word ("giao dịch").
_ASSIGNED = r"(?-i:giao(?! (?:dịch|thông|diện|tiếp|lưu|nhận|thức|thừa|hàng|cắt|thương|kết))|Giao(?=\s*(?:$|năm |chỉ tiêu|kế hoạch)))"
_HEADING_TARGET = re.compile(
    rf"{_W}(?:mục tiêu|chỉ tiêu|phấn đấu|đến năm|định hướng|KH|kế hoạch|{_ASSIGNED}){_E}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that says what kind of figure follows, and where it stands."""

    kind: str
    status: str
    position: int
    word: str


@lru_cache(maxsize=64)
def find_cues(text: str) -> tuple[Cue, ...]:
    """Cues of a running text in order; the figures of one sentence ask one after another.

    >>> [(c.kind, c.word) for c in find_cues("(mục tiêu 30%); hiện đạt 98,5%, ước cả năm 99%")]
    [('target', 'mục tiêu'), ('actual', 'hiện'), ('estimate', 'ước cả năm')]
    """
    cues = [
        Cue(kind, status, match.start(), match.group())
        for pattern, kind, status in (
            (_TARGET, "target", "A"),
            (_ESTIMATE, "estimate", "E"),
            (_PROVISIONAL, "estimate", "P"),
            (_ACTUAL, "actual", "A"),
            (_STATUS, "baseline", "A"),
        )
        for match in pattern.finditer(text)
    ]
    return tuple(sorted(cues, key=lambda cue: cue.position))


def cues_before(sentence: str, end: int) -> list[Cue]:
    """Cues that a sentence holds before a position in it.

    >>> [c.word for c in cues_before("(mục tiêu 30%); hiện đạt 98,5%", 12)]
    ['mục tiêu']
    """
    return [cue for cue in find_cues(sentence) if cue.position + len(cue.word) <= end]


def heading_cue(text: str) -> Cue | None:
    """What a heading, lead-in or column header says of the figures below it.

    >>> heading_cue("Kết quả đạt được ước năm 2024:").kind, heading_cue("II. MỤC TIÊU ĐẾN NĂM 2025").kind
    ('estimate', 'target')
    >>> heading_cue("HIỆN TRẠNG HẠ TẦNG SỐ ĐẾN NĂM 2022").kind, heading_cue("Quan điểm")
    ('baseline', None)
    """
    for pattern, kind, status in (
        (_PROVISIONAL, "estimate", "P"),
        (_ESTIMATE, "estimate", "E"),
        (_STATUS, "baseline", "A"),
        (_RESULT, "actual", "A"),
        (_HEADING_TARGET, "target", "A"),
        (_ACTUAL, "actual", "A"),
    ):
        match = pattern.search(text)
        if match:
            return Cue(kind, status, match.start(), match.group())
    return None


_SHARE = r"(?:\s+(?:tỷ lệ|tỉ lệ|mức|con số))?"
_HEDGES = (
    (re.compile(rf"{_W}(?:khoảng|tầm|chừng|xấp xỉ|ước khoảng|trên dưới|bình quân khoảng|~)\s*$", re.IGNORECASE), None, True),
    (re.compile(rf"{_W}(?:không quá|tối đa|không vượt quá|không cao hơn)\s*$|[≤]\s*$", re.IGNORECASE), "<=", False),
    (re.compile(rf"{_W}(?:tối thiểu|ít nhất|không dưới|không thấp hơn|không ít hơn|đạt từ|từ)(?:\s+(?:là|đạt))?\s*$|[≥]\s*$", re.IGNORECASE), ">=", False),
    (re.compile(rf"{_W}(?:trên|hơn|vượt|quá|lớn hơn|vượt mức){_SHARE}\s*$|>\s*$", re.IGNORECASE), ">", False),
    (re.compile(rf"{_W}(?:dưới|thấp hơn|nhỏ hơn){_SHARE}\s*$|<\s*$", re.IGNORECASE), "<", False),
    (re.compile(rf"{_W}(?:gần|ngót|suýt soát|sấp sỉ){_SHARE}\s*$", re.IGNORECASE), "<", True),
)  # fmt: skip


def comparator(before: str, after: str) -> tuple[str, bool, int]:
    """(comparator, approximate, characters of hedge words before the figure).

    >>> comparator("đạt khoảng trên ", " thuê bao"), comparator("gần ", "%"), comparator("từ ", " trở lên")
    (('>', True, 12), ('<', True, 4), ('>=', False, 3))
    >>> comparator("đạt trên tỷ lệ ", ""), comparator("số thuê bao trên tổng số ", "")
    (('>', False, 11), ('=', False, 0))
    """
    sign, approximate = "=", False
    rest = before
    for _ in range(3):
        for pattern, found, about in _HEDGES:
            match = pattern.search(rest)
            if match:
                approximate = approximate or about
                if found and sign == "=":
                    sign = found
                rest = rest[: match.start()]
                break
        else:
            break
    follows = after[:24].lower()
    if re.match(r"\s*(?:thuê bao|hộ|trạm|người)?\s*(?:trở lên|và cao hơn)", follows):
        sign = ">="
    elif re.match(r"\s*trở xuống", follows):
        sign = "<="
    return sign, approximate, len(before) - len(rest)


_CHANGE_BEFORE = re.compile(
    rf"{_W}(?:tăng trưởng|tăng thêm|tăng|giảm|mức tăng|mức giảm|thêm|(?<!không )cao hơn|(?<!không )thấp hơn|chênh lệch|bổ sung|phát triển mới|lắp mới|xây mới|xây dựng mới|(?:xây|lắp|phát triển|đầu tư)(?: dựng| đặt)? mới và (?:chuyển đổi|nâng cấp|cải tạo)|vượt(?: kế hoạch| chỉ tiêu| mục tiêu)?|gấp|hơn gấp|(?:đề nghị|kiến nghị|đề xuất|cần|tiếp tục)\s+(?:đầu tư|xây dựng|lắp đặt|phát triển|triển khai)|mất trộm|mất|dừng hoạt động|ngừng hoạt động|dừng phát sóng|thiếu|xóa|xoá|(?:xóa|xoá|phủ sóng) (?:được|thêm|mới)|cải tạo|nâng cấp|sửa chữa|tháo dỡ|di dời|khắc phục|kiểm tra|thanh tra|xử lý|"
    rf"phát triển được thêm|phát triển thêm|(?:dự kiến|sẽ|kế hoạch) phát triển|tốc độ tăng|cải thiện){_E}"
    rf"(?:\s+(?:được|tới|khoảng|gần|hơn|trên|ròng|thêm|mới|bình quân|trung bình|đến|là|ước|lần lượt|thêm được|xấp xỉ|mạnh|nhẹ|đạt|hàng năm|mỗi năm|ít nhất|tối thiểu|liên tục|đều|ổn định|nhanh|trưởng))*\s*:?\s*$",
    re.IGNORECASE,
)
_LEVEL_AFTER_CHANGE = re.compile(
    rf"{_W}(?:lên|xuống|còn|tăng đến|lên đến|lên tới|thành|nâng tổng số.*|đạt){_E}[^,;]*$", re.IGNORECASE
)
_TO = re.compile(
    rf"^(?:\s*\([^()]{{0,24}}\)|[^,.;()]){{0,36}}?{_W}(?:(?<!trở )lên|đến|xuống|tới|thành){_E}[^,.;()\d]{{0,24}}\d",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"{_W}(?:từ mức|từ){_E}(?:\s+(?:chỗ|mức|khoảng|gần|hơn|trên|dưới|chưa đến|con số|chỉ))*\s*$",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    rf"{_W}(?:so với mức|so với con số|so với|trước đây|trước đó|năm trước|cùng kỳ(?: năm trước| năm ngoái|(?: năm)? \d{{4}})?|năm ngoái|đầu kỳ)"
    rf"(?:\s+(?:mức|con số|là|đạt|chỉ|mới|khoảng|gần|chỉ đạt|có))*\s*$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    rf"{_W}(?:thế giới|toàn cầu|châu (?:Á|Âu|Phi|Mỹ)|các nước|khu vực ASEAN|Đông Nam Á|quốc tế|OECD){_E}",
    re.IGNORECASE,
)
_COMPLETION = re.compile(
    rf"^\s*(?:so với\s+)?(?:kế hoạch|KH{_E}|chỉ tiêu|dự toán|mục tiêu|nghị quyết|tiến độ)", re.IGNORECASE
)
_COMPARED = re.compile(
    r"^\s*(?:thuê bao|trạm|người|hộ)?\s*(?:(?:so với|so)\s+(?:cùng kỳ|cùng kì|năm|tháng|quý|kỳ|trước|đầu năm|thời điểm|mức|cuối năm|6 tháng)|cùng (?:kỳ|kì|thời điểm))",
    re.IGNORECASE,
)
_PER_TIME = re.compile(r"^\s*(?:/\s*|mỗi\s+|một\s+|hàng\s+)(?:tháng|năm|quý|tuần|ngày)(?!\w)", re.IGNORECASE)
_ADDED = re.compile(
    rf"{_W}(?:phát triển|phát sinh|đăng ký|lắp đặt|hòa mạng|hoà mạng|kích hoạt|triển khai) (?:mới|thêm){_E}"
    rf"(?!.*{_W}(?:nâng|lũy kế|luỹ kế|tổng cộng|lên){_E})",
    re.IGNORECASE,
)
_DEVELOPED = re.compile(rf"{_W}phát triển{_E}(?:\s+(?:được|khoảng|gần|hơn|trên|xấp xỉ))*\s*$", re.IGNORECASE)
_SINCE = re.compile(
    r"[^,;.\d]{0,80}(?<!\w)so với (?:đầu năm|cuối năm|cùng kỳ|cùng kì|năm|tháng|quý)(?!\w)", re.IGNORECASE
)
_CONDITION = re.compile(rf"{_W}nếu{_E}(?:(?!{_W}thì{_E})[^,;])*$", re.IGNORECASE)
_SET_AIM = re.compile(rf"{_W}vượt (?:mục tiêu|chỉ tiêu|kế hoạch)\s*$", re.IGNORECASE)
_WAS_SET = re.compile(r"\s*(?:đã\s+)?(?:đề ra|đặt ra|được giao)", re.IGNORECASE)
_NEW_ONES = re.compile(
    r"\s*(?:vị trí\s+)?(?:trạm|cột|thuê bao|tuyến)(?:\s+[^\W_]+){0,4}?\s+mới\s*(?:[,;.)]|$|đi vào)",
    re.IGNORECASE,
)
_NORM = re.compile(rf"{_W}(?:mỗi|bình quân mỗi|trung bình mỗi|cứ){_E}[^;]*$", re.IGNORECASE)
_MONEY = re.compile(
    rf"{_W}(?:doanh thu|kinh phí|ngân sách|vốn|trị giá|tổng mức đầu tư|số tiền|nộp|chi phí|giá|cước|thu nhập|GRDP|GDP){_E}[^,;]*$",
    re.IGNORECASE,
)


# "sử dụng 5 mạng viễn thông", "12 chỉ tiêu năm 2022": kinds of things are counted, not the things.
KINDS_COUNTED = re.compile(
    r"\s*(?:mạng|nhà mạng|loại|hình thức|phương thức|gói cước|lĩnh vực|nhiệm vụ|giải pháp|chỉ tiêu|tiêu chí|nhóm)(?!\w)",
    re.IGNORECASE,
)
_PER_PERSON = re.compile(
    rf"{_W}(?:mỗi|bình quân(?: mỗi)?|trung bình(?: mỗi)?) (?:một )?(?:người|đầu người){_E}[^;,]*$",
    re.IGNORECASE,
)


def is_elsewhere(words: str) -> bool:
    """Whether the words before a figure speak of the world or another country.

    >>> is_elsewhere("(trung bình toàn cầu là "), is_elsewhere("mức của thế giới, Việt Nam đạt ")
    (True, False)
    """
    words = re.split(r"\s[–—-]\s", words)[-1]
    return bool(_ELSEWHERE.search(words)) and not re.search(
        rf"{_W}(?:Việt Nam|cả nước|tỉnh|thành phố){_E}[^,;]*$", words
    )


def is_per_person(before: str, after: str) -> bool:
    """Whether a figure is an average for one person: "mỗi người dân có 1 tài khoản".

    >>> is_per_person("trung bình mỗi người dân có ", " tài khoản"), is_per_person("mỗi hộ có ", " máy")
    (True, False)
    """
    return bool(_PER_PERSON.search(before)) or bool(
        re.match(r"[^,;.]{0,50}/\s*(?:đầu )?người(?: dân)?(?!\w)", after)
    )


def rises_from(before: str, after: str) -> bool:
    """Whether a figure is where something came from: "tăng từ 3% lên 13,5%".

    >>> rises_from("Vùng phủ 5G đã tăng từ dưới ", " cách đây hai năm đến khoảng 90%")
    True
    """
    clause = re.split(r"[;]|,\s(?!\d)", before)[-1]
    return bool(_FROM.search(clause) and _TO.match(after))


def figure_role(before: str, after: str, unit: str | None, *, has_scale: bool) -> str:
    """What a figure is, by the words around it: level, change, previous, comparison, money...

    >>> figure_role("đạt 78,3%, tăng ", " so với cùng kỳ", "percent", has_scale=False)
    'change'
    >>> figure_role("tăng lên tới ", " (cao hơn", "percent", has_scale=False)
    'level'
    >>> figure_role("tốc độ tăng từ ", " lên 146 Mbps", None, has_scale=False)
    'previous'
    >>> figure_role("số thuê bao phát triển mới trong quý I ước đạt ", "", None, has_scale=False)
    'change'
    >>> figure_role("hỗ trợ nếu lắp tối thiểu ", " trạm 5G", None, has_scale=False)
    'condition'
    """
    clause = re.split(r"[;]|,\s(?!\d)", before)[-1]
    if unit == "money":
        return "money"
    if re.search(r"(?:chỉ số phát triển|năm trước\s*=\s*100)", clause, re.IGNORECASE):
        return "index"
    if re.search(rf"^[^.]*?{_W}nâng (?:tổng )?số", after, re.IGNORECASE) and re.search(
        rf"{_W}(?:phát triển|xây dựng|lắp đặt|đầu tư)[^,;]*$", clause, re.IGNORECASE
    ):
        return "change"
    if rises_from(before, after):
        return "previous"
    if _PREVIOUS.search(clause):
        return "previous"
    if is_elsewhere(clause):
        return "comparison"
    if _SET_AIM.search(clause) and _WAS_SET.match(after):
        return "level"
    if _NEW_ONES.match(after):
        return "change"
    change = _CHANGE_BEFORE.search(clause)
    if change and not _LEVEL_AFTER_CHANGE.search(clause[change.start() + 3 :]):
        return "change"
    if _COMPLETION.match(after) and unit in {"percent", "fraction"}:
        return "plan_completion"
    if unit in {"percent", "other"} and (_COMPARED.match(after) or _PER_TIME.match(after)):
        return "change"
    if _ADDED.search(clause) or (_DEVELOPED.search(clause) and _SINCE.match(after)):
        return "change"
    if _CONDITION.search(before):
        return "condition"
    if _NORM.search(before):
        return "per_other"
    if has_scale and unit is None and _MONEY.search(clause):
        return "money"
    return "level"
