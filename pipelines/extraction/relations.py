"""What a figure takes from the one before it, in its sentence or the one before: subject, predicate, "tỷ lệ này", parts."""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.extraction.figure import Figure
from pipelines.extraction.labels import is_empty_label, topic

_REFERS_BACK = re.compile(
    r"(?<!\w)(?:(?:tỷ lệ|tỉ lệ|con số|số|chỉ số|mức|tốc độ|chỉ tiêu)(?: bình quân)?(?: chung)? (?:này|đó|chung|trên|của)|bình quân chung|mức (?:bình quân|trung bình) (?:chung )?(?:của )?(?:cả nước|toàn quốc|toàn tỉnh|cả tỉnh|khu vực|vùng))(?!\w)",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?<!\w)(?:tỷ lệ|tỉ lệ|mật độ|tốc độ|số thuê bao|số lượng|tổng số)(?!\w)", re.IGNORECASE
)


def names_a_measure(words: str) -> bool:
    """Whether words name what is measured: "Tỷ lệ hộ dùng Internet cáp quang."."""
    return _MEASURED.search(words) is not None


# A sentence that says more exactly what the one before said without figures.
_GOES_ON = re.compile(
    r"\s*(?:(?:cụ thể|trong đó|theo đó)(?!\w)|(?:(?:đến nay|hiện nay|hiện),?\s+)?(?:mạng|hệ thống)\s+(?:này|đã|được|hiện)\s)",
    re.IGNORECASE,
)
# A sentence that sets another beside what was said last, even in the paragraph before.
BESIDE = re.compile(r"\s*(?:trong khi đó|còn|riêng|tương tự|tiếp theo|tiếp đến|xếp sau)(?!\w)", re.IGNORECASE)


def go_on(text: str, found: list[Figure], spoken: str) -> None:
    """Figures behind "cụ thể", "trong đó" may take the words of the sentence before where it holds no figures."""
    if found and spoken and _GOES_ON.match(text, found[0].sentence[0]):
        for figure in found:
            figure.context = f"{figure.context} ¦ {spoken}" if figure.context else spoken
            figure.refers_to = spoken


def name_by_lead(found: list[Figure], lead: str) -> None:
    """Figures that say only whether planned or reached are of the label that opens their block: "Tỷ lệ X. Mục tiêu: 70%. Thực hiện: 58%"."""
    for figure in found:
        is_unnamed = is_empty_label(figure.left) and is_empty_label(figure.right)
        if lead and is_unnamed and not figure.context and figure.role == "level":
            figure.context = figure.refers_to = lead


_SPEED = re.compile(r"(?<!\w)tốc độ(?!\w)", re.IGNORECASE)
_NETWORK = re.compile(
    r"(?<!\w)(?:mạng\s+)?(?:băng rộng\s+)?(?:di động\s+)?[2-5]G(?!\w)|(?<!\w)(?:băng rộng|mạng|Internet)\s+(?:di động|cố định)(?!\w)",
    re.IGNORECASE,
)


def network_of_speeds(text: str, found: list[Figure], before: str) -> None:
    """A speed without a network is of the one named last before its sentence: in the block, its heading, the title.

    `before` are the words of the title and heading in force.
    """
    if not found or _NETWORK.search(text, *found[0].sentence):
        return
    named = list(_NETWORK.finditer(text, 0, found[0].sentence[0])) or list(_NETWORK.finditer(before))
    for figure in found if named else ():
        is_unsaid = not _NETWORK.search(figure.context) and _SPEED.search(figure.context)
        if _SPEED.search(figure.left) or _SPEED.search(figure.right) or is_unsaid:
            network = named[-1].group()
            figure.context = f"{figure.context} ¦ {network}" if figure.context else network


def refer_back(found: list[Figure], earlier: list[Figure], spoken: str) -> None:
    """Figures behind "tỷ lệ này" or "các tỷ lệ này lần lượt" take the words of the sentence before.

    `spoken` is that sentence where it holds no figures itself.
    """
    levels = [figure for figure in found if not figure.transparent and figure.role == "level"]
    if not levels or not _REFERS_BACK.search(levels[0].left):
        return
    measured = _MEASURED.search(spoken)
    if measured:
        for figure in levels:
            if figure is levels[0] or not figure.context or _REFERS_BACK.search(figure.context):
                figure.context, figure.refers_to = spoken[measured.start() :], spoken
        return
    if not earlier:
        return
    known = [figure for figure in earlier if figure.role == "level"]
    if 1 < len(levels) <= len(known):
        for figure, one in zip(levels, known[-len(levels) :], strict=True):
            words = (one.left, one.right if one.attach != "left" else "", one.context)
            figure.attach, figure.left, figure.right = "left", "", ""
            figure.context = " ¦ ".join(part for part in words if part.strip())
    else:
        levels[0].context = topic(earlier[-1])


_PREDICATE = re.compile(
    r"(?<!\w)(?:đã\s+)?(?:được|có|sử dụng|dùng|phủ|kết nối|đăng ký|lắp đặt|tham gia)\s", re.IGNORECASE
)
_JOINED = re.compile(r"\s*(?:,|và|,\s*và)?\s*(?:(?:trên|hơn|gần|khoảng)\s+)?", re.IGNORECASE)


def share_predicate(text: str, found: list[Figure]) -> None:
    """A subject without a verb takes that of the next figure: "100% xã và 95% số thôn có sóng di động"."""
    for figure, following in pairwise(found):
        subject = figure.right.strip()
        if (
            figure.attach == following.attach == "right"
            and figure.is_share
            and following.is_share
            and figure.paren == following.paren
            and subject
            and _PREDICATE.search(f"{subject} ") is None
            and _JOINED.fullmatch(text, text.find(subject, figure.end) + len(subject), following.token.start)
        ):
            said = _PREDICATE.search(following.right)
            if said:
                figure.right, figure.context = f"{subject} {following.right[said.start() :]}", ""


_BEGINS_WITH_PREDICATE = re.compile(
    r"\s*(?:đã\s+)?(?:được (?:cấp|phủ)|có|sử dụng|dùng|biết|đăng ký|kích hoạt)\s", re.IGNORECASE
)


def share_subject(found: list[Figure]) -> None:
    """A share that only says what is done is of the subject before it: "84% người dân có A, 79% có B, 30% được cấp C"."""
    for figure, following in pairwise(found):
        said = _PREDICATE.search(figure.right)
        if (
            figure.attach == following.attach == "right"
            and figure.is_share
            and following.is_share
            and figure.sentence == following.sentence
            and figure.paren == following.paren
            and said
            and figure.right[: said.start()].strip()
            and _BEGINS_WITH_PREDICATE.match(following.right)
        ):
            following.right = f"{figure.right[: said.start()].strip()} {following.right.strip()}"
            following.context = ""


_OF_THESE = re.compile(
    r"(?:^\W*|(?<!\w)cụ thể\W+)(?:trong đó|gồm|bao gồm)(?!\w)|(?<!\w)trong (?:tổng )?số (?:trên|này|đó|nói trên)(?!\w)",
    re.IGNORECASE,
)


def parts_of_change(text: str, found: list[Figure], earlier: Figure | None) -> None:
    """Figures behind "trong đó", "trong tổng số trên" are parts of what was added where that came before."""
    if earlier is None or earlier.role != "change" or not found:
        return
    if _OF_THESE.search(text[found[0].sentence[0] : found[0].token.start]):
        for figure in found:
            figure.role = "change" if figure.role == "level" else figure.role


_PARTS = re.compile(r"(?<!\w)(?:bao gồm|gồm|trong đó)(?!\w)", re.IGNORECASE)


def parts_within(text: str, found: list[Figure]) -> None:
    """Figures behind "41,7 triệu thuê bao mới, bao gồm" are parts of what was added, to the sentence's end."""
    counted: Figure | None = None
    added = False
    for figure in found:
        if counted is not None and _PARTS.search(text, counted.token.end, figure.token.start):
            added = added or counted.role == "change"
        aside = figure.paren is not None and counted is not None and counted.paren != figure.paren
        if figure.token.unit is None and not figure.transparent and not aside:
            counted = figure
        if added and figure.role == "level":
            figure.role = "change"
