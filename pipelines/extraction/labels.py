"""Words as labels: which name nothing by themselves, where a label starts, and what a figure hands on to the next.

How the words of a sentence are dealt out to its figures is the business of clauses.
"""

from __future__ import annotations

import re

from pipelines.extraction.figure import Figure

_EMPTY_WORDS = re.compile(
    r"(?<!\w)(?:tỷ lệ này|tỉ lệ này|con số này|tỷ lệ|tỉ lệ|mật độ|số lượng|số|tổng cộng|tổng|mức|trong khi đó|trong khi|đã đề ra|đề ra|kết quả|thực hiện|đặt ra|được giao|mục tiêu|phấn đấu|chỉ tiêu|kế hoạch|đạt được|đạt|là|chiếm|và|vào|còn|bằng|tương ứng với|tương đương với|tương ứng|tương đương|với|trong đó|hiện nay|hiện tại|hiện|dự kiến|dự báo|có|năm|tháng|quý|ước|tính|khoảng|xấp xỉ|chừng|tầm|tối thiểu|ít nhất|trên|hơn|gần|dưới|từ|đến|hết|cuối|đầu|nay|đã|cả nước|toàn quốc|toàn tỉnh|cả tỉnh|tỉnh|toàn huyện|huyện|thành phố|tăng|giảm|lên|xuống|tới|nâng|được|sẽ|ở|theo|cách xa|chỉ|mới|cũng)(?!\w)",
    re.IGNORECASE,
)


def is_empty_label(words: str) -> bool:
    """Whether words name nothing by themselves ("đạt tỷ lệ", "mục tiêu đến tháng 12/2023").

    >>> is_empty_label(" mục tiêu đến tháng 12/2023 đạt "), is_empty_label("số hộ")
    (True, False)
    """
    return not re.search(
        r"[^\W\d_]{2,}", re.sub(r"\d[\d/.,%-]*|\b[IVX]+\b", " ", _EMPTY_WORDS.sub(" ", words))
    )


_LABEL_START = re.compile(
    r"(?:,|(?<!\w)như\s*:?|(?<=\b(?:19|20)\d\d)|(?<!\w)(?:với(?: mục tiêu)?(?: đạt)?(?=\s+t[ỷỉ] lệ)|việc|rằng|cho biết|cho thấy|thì))\s*(?=(?:tỷ lệ|tỉ lệ|tốc độ|số thuê bao|số lượng|tổng số|mật độ|độ phủ|tỷ trọng)(?!\w)(?!\s+(?:này|đó|đạt|là|trên|dưới|gần|khoảng|\W|$)))",
    re.IGNORECASE,
)
_TOPIC_MAX = 120
_TOPIC_FIRST = re.compile(r"\W*(?:về|đối với|với|riêng|trong|ở|tại)\s+", re.IGNORECASE)


# "tỷ lệ phủ băng rộng cố định, tỷ lệ phủ sóng 3G/4G đạt": two labels of one value.
_COORDINATE = re.compile(r"\W*(?:tỷ lệ|tỉ lệ)(?:\s+[\w/]+){2,9}?,\s*", re.IGNORECASE)


def own_left(left: str) -> tuple[str, str]:
    """The words before a figure from where its label starts, and the topic that stands before them.

    >>> own_left("Tròn một năm có 5G, tốc độ di động đạt")
    ('tốc độ di động đạt', '')
    >>> own_left("Về hạ tầng, tỷ lệ phủ sóng đạt")
    ('tỷ lệ phủ sóng đạt', 'Về hạ tầng,')
    """
    starts = [match.end() for match in _LABEL_START.finditer(left)]
    if not starts:
        return left, ""
    if len(starts) > 1 and _COORDINATE.fullmatch(left, starts[-2], starts[-1]):
        starts.pop()
    elif _COORDINATE.fullmatch(left, 0, starts[-1]):
        return left, ""
    dropped = left[: starts[-1]].strip()
    is_topic = len(dropped) < _TOPIC_MAX and (_TOPIC_FIRST.match(dropped) or dropped.endswith("với"))
    return left[starts[-1] :], dropped if is_topic else ""


def is_thin(words: str) -> bool:
    """Whether words name little by themselves ("với số trạm đạt hơn")."""
    spoken = re.sub(r"\([^()]*\)", " ", words)
    return len(re.findall(r"[^\W\d_]{2,}", _EMPTY_WORDS.sub(" ", spoken))) <= 2


# The first of the parts of what was counted before.
PART = re.compile(r"\W*(?:trong đó|gồm|bao gồm)(?!\w)", re.IGNORECASE)
# An opening that says of which part a sentence speaks: "Ở khu vực thành thị, tỷ lệ ...".
OF_PART = re.compile(r"\W*(?:với|ở|tại|đối với|riêng|trong)\s+(?:khu vực|vùng|địa bàn)(?!\w)", re.IGNORECASE)
_MEASURE = re.compile(r"\W*(?:và\s+)?(?P<words>tốc độ|tỷ lệ|tỉ lệ|mật độ|số thuê bao)(?!\w)", re.IGNORECASE)


# "đứng thứ hai với tốc độ": of what, was said before.
_MEASURES = re.compile(
    r"(?<!\w)(?:tốc độ|tỷ lệ|tỉ lệ|mật độ)(?:\s+(?:đạt|là|trung bình))*\s*$", re.IGNORECASE
)
_PART_WORDS = 4


def _is_part(left: str) -> bool:
    """Whether words go on with a list whose first member says what is measured: ", cột treo cáp"."""
    return (
        left.lstrip().startswith(",")
        and len(re.findall(r"[^\W\d_]{2,}", left)) <= _PART_WORDS
        and not _MEASURE.match(left)
    )


# "52,6% hộ gia đình sử dụng": what they use was said before.
_WITHOUT_OBJECT = re.compile(
    r"(?<!\w)(?:sử dụng|đã có|có|dùng|đăng ký|lắp đặt|được phủ|tiếp cận)[\s,;.]*$", re.IGNORECASE
)


# "71 xã có Internet" is thin, but says all.
_WITH_OBJECT = re.compile(
    r"(?<!\w)(?:sử dụng|có|dùng|đăng ký|được phủ|kết nối)\s+[^\W\d_]{2,}", re.IGNORECASE
)


def is_alike(left: str, earlier: str) -> bool:
    """Whether two labels measure the same of one thing: "tốc độ tải lên" and "tốc độ tải xuống"."""
    one, other = _MEASURE.match(left), _MEASURE.match(earlier)
    return (
        one is not None and other is not None and one.group("words").lower() == other.group("words").lower()
    )


def topic(figure: Figure) -> str:
    """The words that a following figure may take over; a change hands on what it is a change of."""
    if figure.role in {"change", "comparison", "plan_completion", "index"} and figure.context:
        return figure.context
    if figure.listed_name:
        said = [part for part in (figure.left, figure.right) if not is_thin(part)]
        return " ¦ ".join(said) or figure.context or figure.left
    if figure.attach == "right":
        if is_empty_label(figure.right):
            return figure.context
        if not is_thin(figure.right) or _WITH_OBJECT.search(figure.right):
            unsaid = figure.context if _WITHOUT_OBJECT.search(figure.right) else ""
            return f"{figure.right} ¦ {unsaid}" if unsaid else figure.right
        named = "" if is_empty_label(figure.left) else figure.left
        return " ¦ ".join(part for part in (figure.right, named, figure.context) if part)
    if is_empty_label(figure.left):
        return figure.context or figure.right
    parts = [figure.left]
    if (
        figure.attach == "both"
        or is_thin(figure.left)
        or _is_part(figure.left)
        or _MEASURES.search(figure.left)
    ):
        parts += [part for part in (figure.right, figure.context) if not is_empty_label(part)]
    return " ¦ ".join(parts)
