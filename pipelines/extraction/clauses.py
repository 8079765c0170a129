"""Sentences, and which words around a figure name it.

In Vietnamese a label stands before its figure ("Tỷ lệ X đạt 80%"), behind it ("80% hộ gia đình
có X"), or on both sides of it ("cáp quang phủ đến 100% xã"). What stands right before the figure
tells which; a figure without words of its own takes those of the figure before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extraction.figure import WINDOW, Figure
from pipelines.extraction.fractions import join_fractions
from pipelines.extraction.kinds import (
    KINDS_COUNTED,
    comparator,
    figure_role,
    is_elsewhere,
    is_per_person,
    rises_from,
)
from pipelines.extraction.labels import OF_PART, PART, is_alike, is_empty_label, is_thin, own_left, topic
from pipelines.extraction.places import NAME, SUPERLATIVE, TYPES
from pipelines.extraction.sentences import close_bracket, open_bracket, segments
from pipelines.extraction.tokens import Token

_BOUNDARY = re.compile(
    r",|;|:(?!\d)|(?<!\w)(?:và|trong đó|trong khi đó|trong khi|đồng thời|nhưng|cụ thể|gồm|bao gồm|cùng với|cùng|riêng|tương ứng|hoặc|song|còn(?=\s+(?:[2-6]G|tỷ lệ|tỉ lệ|mạng|số|tốc độ|đối với)(?!\w)))(?!\w)|\s[–—-]\s",
    re.IGNORECASE,
)
_STARTER = re.compile(
    r"\s*(?:(?:và|trong đó|riêng|phấn đấu|mục tiêu|nâng|đưa)\s+)*(?:tỷ lệ|tỉ lệ|tỷ trọng|số|tổng|mật độ|tốc độ|mạng|hạ tầng|thuê bao|độ phủ|vùng phủ|dịch vụ|toàn|sóng|internet|phủ sóng|có|hiện|cả nước)(?!\w)",
    re.IGNORECASE,
)
_LINK_LEFT = re.compile(
    r"(?:(?<!\w)(?:đạt được|đạt tỷ lệ|đạt tỉ lệ|đạt mật độ|đạt mức|đạt|là|chiếm tỷ lệ|chiếm|bằng|lên tới|lên đến|lên thành|lên|xuống còn|còn|ở mức|tương đương với|tương đương|tương ứng với tỷ lệ|tương ứng với|tương ứng|với tỷ lệ|tỷ lệ|tỉ lệ|mật độ|dài|tăng đến|khoảng cách)|[:=])\s*$",
    re.IGNORECASE,
)
_LINK_BOTH = re.compile(
    r"(?<!\w)(?:đến|tới|tại|cho|phủ sóng|phủ kín|phủ rộng|phủ|ở|trong|của|về|trên|khắp|từ)\s*$", re.IGNORECASE
)
_LINK_RIGHT = re.compile(
    r"(?:^|[,;(]|(?<!\w)(?:có|gồm|bao gồm|và|hiện có|đã có|được|phấn đấu|mục tiêu|hướng đến|hướng tới|trong đó|đảm bảo|bảo đảm|hoàn thành|duy trì|thu nhận|hỗ trợ|đầu tư|xây dựng|lắp đặt|triển khai|phát triển|cung cấp|thành lập|lập|hoặc|các|tích hợp|với|thì))\s*$",
    re.IGNORECASE,
)
# "và đặc biệt là 75,3% giao dịch": what is told above all begins a label of its own.
_ABOVE_ALL = re.compile(r"(?<!\w)(?:đặc biệt|nhất|đáng chú ý)\s+là\s*$", re.IGNORECASE)
_LINK_COUNTED = re.compile(r"(?<!\w)(?:là|còn|chỉ còn)\s*$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s*(?:các\s+|số\s+)?(?:thôn|bản|ấp|khóm|xóm|buôn|tổ|khu|xã|phường|hộ|trạm|vị trí|cột|dân số|người)(?!\w)",
    re.IGNORECASE,
)
# A name of a technology right before "có" is what has it: "2G có 1.116 trạm".
_TECHNOLOGY = r"(?:mạng|trạm|công nghệ|sóng)?\s*[2-6]G(?:\s*[/,+&-]\s*[2-6]G)*"
_TECHNOLOGY_HAS = re.compile(rf"(?<!\w){_TECHNOLOGY}\s+(?:hiện có|đã có|có|gồm)\s*$", re.IGNORECASE)
_OWN_NAME = re.compile(rf"[\s,;:]*(?:(?:và|còn|riêng|trong đó)\s+)*{_TECHNOLOGY}\s*$", re.IGNORECASE)
_LABEL_MAX = 260
_ONE_DEVICE = re.compile(
    r"(?:ít nhất|tối thiểu|sở hữu|trung bình|(?:dùng|sử dụng)\s+(?:hơn|trên|nhiều hơn))\s*$", re.IGNORECASE
)
_DURATION = re.compile(
    r"\s*(?:năm(?!\s+(?:19|20)\d\d)|tháng(?!\s+\d)|tuần|ngày|giờ|phút|giây|bậc)(?!\w)", re.IGNORECASE
)
# "122/132 ấp thuộc 17 xã": how many units something lies in.
_OF = re.compile(r"(?<!\w)(?:thuộc|của|tại|ở|trên địa bàn|trong)\s*$", re.IGNORECASE)
_UNITS = re.compile(r"\s*(?:xã|phường|thị trấn|huyện|thị xã|quận|tỉnh)(?!\w)", re.IGNORECASE)
_OBJECT_DEVICE = re.compile(
    r"\s*(?:chiếc\s+)?(?:điện thoại|thiết bị|máy tính|kết nối|tài khoản|(?:số )?thuê bao|sim)", re.IGNORECASE
)


def figures(
    text: str, tokens: list[Token], span: tuple[int, int], spoken_of: Sequence[Figure] = ()
) -> list[Figure]:
    """Figures of one sentence, each with its own words and those it takes over.

    `spoken_of` are the figures of the sentence before: "Mục tiêu năm 2025 đạt 25 thuê bao/100 dân"
    names nothing by itself and speaks on about the last of them, "tốc độ tải lên" about the last speed.
    """
    start, end = span
    found: list[Figure] = []
    for segment in segments(text, start, end):
        inside = [t for t in tokens if segment[0] <= t.start < segment[1] and t.kind in {"figure", "rank"}]
        if inside:
            found.extend(_segment_figures(text, inside, span, segment, found, spoken_of))
    return found


def _segment_figures(
    text: str,
    inside: list[Token],
    sentence: tuple[int, int],
    segment: tuple[int, int],
    earlier: list[Figure],
    spoken_of: Sequence[Figure],
) -> list[Figure]:
    made: list[Figure] = []
    for token in inside:
        before = text[max(segment[0], token.start - WINDOW) : token.start]
        after = text[token.end : min(segment[1], token.end + WINDOW)]
        figure = Figure(token, "left", "level", before, after, sentence=sentence, segment=segment)
        figure.paren = open_bracket(text, segment[0], token.start)
        _read_role(figure)
        made.append(figure)
    join_fractions(made, text)
    split = [figure for figure in made if not figure.transparent]
    begin = segment[0]
    for figure in split:
        figure.comparator, figure.approximate, hedge = comparator(figure.before, figure.after)
        figure.attach = _attachment(figure, text, hedge, text[begin : figure.token.start - hedge])
        begin = figure.end
    _share_words(text, split, segment)
    _take_over(split, earlier, spoken_of)
    return made


def _read_role(figure: Figure) -> None:
    token = figure.token
    if token.kind == "rank":
        figure.role, figure.transparent = "rank", True
        return
    if token.unit == "other" and token.text.lower().endswith("tuổi"):
        figure.role, figure.transparent = "age", True
        return
    if token.value == 1 and _ONE_DEVICE.search(figure.before) and _OBJECT_DEVICE.match(figure.after):
        figure.role, figure.transparent = "condition", True
        return
    if token.unit is None and (
        _DURATION.match(figure.after)
        or KINDS_COUNTED.match(figure.after)
        or (_OF.search(figure.before) and _UNITS.match(figure.after))
    ):
        figure.role, figure.transparent = "name", True
        return
    if token.unit == "fraction" and figure.paren is not None and _is_day_of_year(figure):
        figure.role, figure.transparent = "name", True
        return
    figure.role = figure_role(figure.before, figure.after, token.unit, has_scale=token.has_scale)
    if (
        figure.role == "level"
        and figure.paren is not None
        and is_elsewhere(figure.before[figure.paren - token.start :])
    ):
        figure.role = "comparison"
    if (
        figure.role in {"level", "per_other"}
        and token.unit is None
        and is_per_person(figure.before, figure.after)
    ):
        figure.role, figure.per_person = "level", True
    if token.unit == "other" and figure.role == "level":
        figure.role = "per_other"


def _is_day_of_year(figure: Figure) -> bool:
    """Whether "(10/10)" behind "Ngày ..." is a date."""
    day, month = figure.token.numerator or 99, figure.token.denominator or 99
    named = re.search(r"[Nn]gày [^().;]{0,60}\(\s*$", figure.before)
    return bool(named) and day <= 31 and month <= 12 and figure.after.startswith(")")


def _attachment(figure: Figure, text: str, hedge: int, own: str) -> str:
    """Where the words that name a figure stand: left, right or both.

    `own` are the words between the figure before and this one.
    """
    before = figure.before[: len(figure.before) - hedge] if hedge else figure.before
    if figure.paren is not None:
        before = text[figure.paren : figure.token.start - hedge]
    tail = re.match(r"[^\W\d_]", figure.after.lstrip())
    if tail and _ABOVE_ALL.search(before):
        return "right"
    if _LINK_LEFT.search(before):
        if tail and figure.token.unit == "percent" and figure.paren is None and is_empty_label(own):
            return "right"
        counts = _LINK_COUNTED.search(before) and _COUNTED.match(figure.after)
        return "both" if tail and (before.rstrip().endswith(":") or counts) else "left"
    if _TECHNOLOGY_HAS.search(before):
        return "both"
    if _LINK_RIGHT.search(before) and (tail or not before.strip(" (,;")):
        return "right"
    if _LINK_BOTH.search(before):
        return "both"
    return "both" if tail else "left"


# "68,5% trong tổng số 168.000 hồ sơ": what the share is of stands behind the count.
_OUT_OF = re.compile(r"\s*(?:trong|trên|của)(?:\s+tổng)?(?:\s+số)?\s*", re.IGNORECASE)


def _share_words(text: str, split: list[Figure], segment: tuple[int, int]) -> None:
    """Deal the words between two figures out to the one before and the one behind."""
    cursor = segment[0]
    for position, figure in enumerate(split):
        token = figure.token
        figure.left = text[cursor : token.start]
        if figure.paren is not None and figure.paren >= cursor:
            outside = text[cursor : figure.paren]
            figure.left = text[figure.paren + 1 : token.start]
            if _OWN_NAME.fullmatch(outside):
                figure.left = f"{outside} {figure.left}"
                figure.attach = "both" if figure.attach == "right" else figure.attach
        following = split[position + 1] if position + 1 < len(split) else None
        limit = following.token.start if following else segment[1]
        close = close_bracket(text, figure.end, segment[1]) if figure.paren is not None else None
        if close is not None and close < limit:
            figure.right = text[figure.end : close]
            cursor = close + 1
        elif following is None:
            figure.right = text[figure.end : limit]
            cursor = limit
        elif following.paren is not None and following.paren >= figure.end:
            cursor = figure.end + _name_before_bracket(text[figure.end : following.paren])
            figure.right = text[figure.end : cursor]
        else:
            between = text[figure.end : limit]
            cut = _cut(between, figure.attach, following.attach)
            figure.right = between[:cut]
            cursor = figure.end + cut
        if following is not None and token.unit == "percent" and _OUT_OF.fullmatch(figure.right):
            figure.right += re.split(r"[,;.:(]", text[following.end : segment[1]])[0]
        figure.right = _own_right(figure)
        if (
            following is not None
            and figure.attach == following.attach == "right"
            and figure.is_share
            and following.is_share
            and figure.paren == following.paren
        ):
            figure.following = following


def _name_before_bracket(between: str) -> int:
    """Where words before a bracket stop being those of the figure before: "trạm, 3G (1.521 trạm)".

    >>> words = " trạm, 3G "
    >>> words[_name_before_bracket(words) :]
    ', 3G '
    """
    spots = [match.start() for match in _BOUNDARY.finditer(between)]
    return spots[-1] if spots and _OWN_NAME.fullmatch(between[spots[-1] :]) else len(between)


def _cut(between: str, attach: str, next_attach: str) -> int:
    """Where the words between two figures part.

    >>> words = " thôn, tổ dân phố phủ sóng băng rộng, tỷ lệ phủ sóng 5G đạt tối thiểu "
    >>> words[: _cut(words, "right", "left")]
    ' thôn, tổ dân phố phủ sóng băng rộng'
    """
    depth = 0
    flat = []
    for char in between:
        depth += (char == "(") - (char == ")")
        flat.append(" " if depth > 0 else char)
    masked = "".join(flat)
    spots = [match.start() for match in _BOUNDARY.finditer(masked)]
    if not spots:
        return (
            len(between) if attach in {"right", "both"} or next_attach == "right" else _unit_noun_end(between)
        )
    if next_attach == "right":
        return spots[-1]
    if attach == "left":
        return spots[0]
    starters = [spot for spot in spots if _STARTER.match(re.sub(r"^[,;:]", "", masked[spot:]))]
    if starters:
        return starters[0]
    commas = [spot for spot in spots if masked[spot] in ",;"]
    return commas[-1] if commas else spots[-1]


_MOST = re.compile(
    r"(?:,|(?<!\w)và)?\s*(?<!\w)(?:hầu hết|phần lớn|đa số|một số|tuy nhiên|trong khi|chủ yếu|tập trung)(?!\w)|,\s*(?:đều\s+)?(?:thuộc|nằm|phân bố|không còn)(?!\w)|,\s*(?:phổ cập|đẩy mạnh|tăng cường|nâng cao|hoàn thiện|từng bước|tiếp tục)(?!\w)",
    re.IGNORECASE,
)


# "100% hộ tiếp cận Internet cáp quang tốc độ 1 Gbps": the speed is told of what was said.
_SPEED_OF_IT = re.compile(
    r"(?<=\w)\s+(?:với\s+|có\s+)?tốc độ(?:\s+(?:trên|từ|tối thiểu|ít nhất|hơn|khoảng))*\s*$", re.IGNORECASE
)


def _own_right(figure: Figure) -> str:
    """The words behind a figure that speak of it and not of something less certain."""
    right = _SPEED_OF_IT.sub(" ", figure.right)
    stop = _MOST.search(right)
    if stop:
        right = right[: stop.start()]
    if figure.attach == "left":
        boundary = _BOUNDARY.search(re.sub(r"\([^()]*\)", lambda m: " " * len(m.group()), right))
        if boundary:
            right = right[: boundary.start()]
    return f" {figure.inner}{right}" if figure.inner else right


def _unit_noun_end(between: str) -> int:
    match = re.match(
        r"\s*(?:thuê bao|trạm|người|hộ|khách hàng|tài khoản|vị trí|thôn|xã)?", between, re.IGNORECASE
    )
    return match.end() if match else 0


def _is_bare(figure: Figure) -> bool:
    """Whether a figure stands without a noun or unit: "(KH: 25)"."""
    return not figure.token.has_scale and not re.match(r"\s*[^\W\d_/]", figure.after)


_ONLY_COUNTS = re.compile(
    r"\W*(?:(?:thuê bao|trạm|máy|hộ|người|khách hàng|tài khoản)(?!\w)\W*)?(?:/\s*100 (?:người )?dân)?\W*(?:(?:tính )?đến (?:hết |cuối )?(?:tháng|quý|năm|ngày).*)?",
    re.IGNORECASE | re.DOTALL,
)


# "Trong khi đó, Thủ đô Hà Nội chỉ đạt": a place and a verb.
_ONLY_NAME = re.compile(
    rf"(?:{SUPERLATIVE})?(?:(?<!\w)(?:(?i:{TYPES}|thủ đô)\s+))?{NAME}\s+(?P<link>(?i:chỉ đạt|mới đạt|đạt|với|là|có|cũng đạt|ở mức|chỉ)\s*)$"
)


# "204 tổ ở thôn, tổ dân phố với tổng cộng 1.036 thành viên": the words before "với" are of the figure before.
_WITH = re.compile(
    r"^\s*,[^,;]*(?<!\w)với(?:\s+(?:tổng số|tổng cộng|hơn|trên|gần|khoảng))*\s*$", re.IGNORECASE
)
_SAYS_WHAT = re.compile(
    r"(?<!\w)(?:có|đã|được|chưa|sử dụng|dùng|biết|đăng ký|lắp đặt|phủ|kết nối)(?!\w)", re.IGNORECASE
)


def _with_full_name(spoken: str, previous: Figure, known: list[Figure]) -> str:
    """A topic with the longer name that an earlier count gave the same things: "20 tổ công nghệ số ... và 204 tổ ở thôn"."""
    noun = previous.right.split()[:1]
    if (
        not noun
        or previous.attach == "left"
        or previous.token.unit is not None
        or _SAYS_WHAT.search(previous.right)
    ):
        return spoken
    named = (
        f.right for f in known if f is not previous and f.attach != "left" and f.right.split()[:1] == noun
    )
    full = max(named, key=len, default="")
    return f"{spoken} ¦ {full}" if len(full) > len(previous.right) else spoken


# "đạt 65,5%, xếp thứ 7 thế giới, mục tiêu 2025 là 70%": a rank between two figures names neither.
_RANKED = re.compile(
    r"^\s*,?\s*(?:và\s+)?(?:xếp|đứng)(?:\s+(?:hạng|hàng|vị trí|thứ hạng))?\s+(?:thứ\s+)?\d+(?:/\d+)?[^,;.\d]*,\s*",
    re.IGNORECASE,
)


def _names_nothing(figure: Figure) -> bool:
    """Whether the words of a figure are no more than a period, a verb and what is counted."""
    return is_empty_label(_ONLY_NAME.sub(r"\g<link>", figure.left)) and bool(
        _ONLY_COUNTS.fullmatch(figure.right)
    )


def _take_over(split: list[Figure], earlier: list[Figure], spoken_of: Sequence[Figure]) -> None:
    """Give each figure the topic of the one before it, which completes or replaces its own words."""
    known = [figure for figure in earlier if not figure.transparent]
    said = spoken_of[-1] if spoken_of else None
    said_first = "¦"
    # What the parts of "trong đó cố định 11.020, di động 970.200" are parts of.
    whole: str | None = None
    for figure in split:
        left, about = own_left(_RANKED.sub("", figure.left))
        figure.left, figure.right = left[-_LABEL_MAX:], figure.right[:_LABEL_MAX]
        previous = next((f for f in reversed(known) if f.paren in {None, figure.paren}), None)
        is_rest = _WITH.search(figure.left) and not _SAYS_WHAT.search(figure.left)
        if previous is not None and figure.attach != "left" and is_rest:
            figure.left = ""
        if about:
            figure.context = said_first = about
        elif previous is None:
            alike = next((f for f in reversed(spoken_of) if is_alike(figure.left, f.left)), None)
            goes_on = figure.role == "change" or _names_nothing(figure)
            spoken = alike or (said if goes_on else None)
            figure.context = topic(spoken) if spoken is not None else figure.context
        elif rises_from(previous.before, previous.after):
            figure.attach, figure.left, figure.right = "left", previous.left, ""
            figure.context = previous.context
        else:
            is_next_part = (
                whole is not None
                and is_thin(figure.left)
                and not is_empty_label(figure.left)
                and figure.attach == previous.attach == "left"
                and figure.token.unit == previous.token.unit
            )
            figure.context = (
                whole if whole and is_next_part else _with_full_name(topic(previous), previous, known)
            )
            whole = figure.context if is_next_part or PART.match(figure.left) else None
            if previous.context == said_first and (
                OF_PART.match(said_first) or is_alike(figure.left, previous.left)
            ):
                figure.context = f"{figure.context} ¦ {said_first}"
            if figure.paren is not None and figure.token.unit is None and _is_bare(figure):
                figure.unit_like = previous
        known.append(figure)
    for figure in split:
        if figure.following is not None:
            figure.context = (
                f"{figure.context} ¦ {figure.following.right}" if figure.context else figure.following.right
            )
