"""Place names as printed: which words of a clause may name an administrative unit.

Whether a name is one, and which, is looked up in the catalog by matching.
"""

from __future__ import annotations

import re

from pipelines.extraction.letters import LOWER, UPPER

SYLLABLE = rf"(?-i:[{UPPER}][\w']*)"
NAME = rf"{SYLLABLE}(?:[ ](?:[-–]\s)?{SYLLABLE}|\s?-\s?{SYLLABLE}){{0,4}}"
TYPES = r"thành phố|thị xã|thị trấn|đặc khu|tỉnh|huyện|quận|phường|xã|thôn|bản|ấp|buôn"
# What puts a unit in an order: "dẫn đầu là Cần Thơ với", "tiếp đến Long An".
SUPERLATIVE = r"(?<!\w)(?i:dẫn đầu|đứng đầu|đứng thứ hai|đứng thứ ba|cao nhất|thấp nhất|tiếp đến|tiếp theo|kế đến|kế tiếp|xếp sau|đứng sau|sau đó|nhiều nhất|ít nhất)\s+(?i:(?:là|gồm|có|tại)\s+)?"
# Urban districts and wards may be numbered: "quận 3", "Phường 12".
NUMBERED = r"(?<!\w)(?i:quận|phường)\s+[1-9]\d?(?![\w/%]|[.,]\d|\s%)"
TYPED = re.compile(
    rf"(?<!\w)(?:(?i:{TYPES})\s+|(?<![&-])(?:(?:TP|Tp|TX|Tx|TT)(?:\.\s?|\s+)|[HQ]\.\s?)){NAME}|{NUMBERED}"
)
_WHOLE = re.compile(
    r"(?<!\w)(?:(?:cả|toàn)\s+(?:nước|quốc|ngành|tỉnh|huyện|thành phố|thị xã|xã|quận)|trên\s+(?:phạm vi\s+)?(?:địa bàn\s+)?cả nước|Việt Nam|"
    r"trung bình (?:chung )?(?:của )?(?:cả nước|toàn quốc|quốc gia))(?!\w)",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?i:UBND|HĐND|Ủy ban nhân dân|Uỷ ban nhân dân|Sở [^,;.]{0,60}|Công an|Tỉnh ủy|Huyện ủy|Ban Chỉ đạo[^,;.]{0,40}|Bưu điện|Đại học|Trường|Bệnh viện|Cổng [^,;.]{0,40}|VNPT|Viettel|MobiFone)\s+(?:của\s+)?$"
)
_TO_FIGURE = (
    r"(?:đạt|là|có|còn|với|chiếm|tỷ lệ|tỉ lệ|ước|mới|chỉ|cũng|đã|hiện|đều|ở mức|cao nhất|thấp nhất|dẫn đầu|đứng đầu|"
    r"khoảng|hơn|trên|gần|dưới|xấp xỉ|tới|đến|:)"
)
# The name of a unit that the words up to the figure have nothing else behind: "thấp nhất là Sơn La với".
_SUBJECT = re.compile(
    rf"(?:^|[,;:]\s*|(?<!\w)(?i:và|là|như|tại|ở|của|riêng|trong đó|gồm|tỉnh|thành phố|thủ đô|hiện nay|hiện|khi)\s+)(?!Thực\s+hiện(?!\w))"
    rf"(?P<name>(?:(?i:{TYPES})\s+)?{NAME})(?:\s+{_TO_FIGURE}|:)+\s*$|"
    rf"[,;:]\s*(?P<careless>{SYLLABLE}\s[{LOWER}]+)\s+(?:còn|đạt|với|có t[ỷỉ] lệ|là)\s*$"
)
# A place that is said first, before what is said of it: "ở Sơn La, hơn 600 thôn bản".
_THERE = re.compile(rf"(?<!\w)(?i:tại|ở|riêng)\s+(?P<name>{NAME})\s*,\s(?P<on>[^,;:()]*)$")
# Where a meeting was held or a speech given is no place of figures.
EVENT = re.compile(
    r"(?<!\w)(?:tổ chức|hội nghị|hội thảo|diễn ra|khai mạc|chủ trì|phát biểu|cho biết|công bố|họp|buổi|Bộ|Cục|Ban|ông|bà)(?!\w)"
)
_COMPARED_WITH = re.compile(
    r"(?:bình quân|trung bình|so với|cao hơn|thấp hơn|hơn|mức)(?:\s+(?:mức|chung|của|so|với|bình quân|trung bình))*\s*$",
    re.IGNORECASE,
)
# The name at the beginning of a part that speaks of it to its end: "Hải Phòng là địa phương có tỷ lệ ...".
_OPENS = re.compile(
    rf"^\s*(?:(?i:riêng|tại|ở|trong đó|gồm|như|trong khi|còn|và)\s+)?(?!Thực\s+hiện(?!\w))(?P<name>{NAME})\s+(?:đạt|là|có|chiếm|cũng|đứng|dẫn đầu|với|ước|đã|còn|tiếp tục|vẫn|hiện|đang|luôn|ghi nhận|gây|phấn đấu|đặt|nằm|xếp|giữ|trở thành|vươn|phủ|:)"
)


# "Theo báo cáo của Bộ TT&TT, ...": what a national body reports is of the country, unless a place is named.
_NATIONAL_SPEAKER = re.compile(
    r"(?:[Bb]áo cáo|[Ss]ố liệu|[Tt]hống kê)(?:\s[^\W\d_]+){0,3}\s(?:của|từ)\s(?:Bộ TT&TT|Bộ TT-TT|Bộ TTTT|Bộ Thông tin và Truyền thông|"
    r"Bộ KH&CN|Bộ Khoa học và Công nghệ|Cục Viễn thông|Tổng cục Thống kê|Trung tâm Internet Việt Nam|VNNIC)(?!\w)"
)
_AT_NAME = re.compile(rf"(?<!\w)(?:tại|ở|của|,)\s+{NAME}(?:\s|$)")
OF_THE_UNIT = re.compile(
    r"(?<!\w)(?:của|trên địa bàn|toàn|trong|ở)\s+(?:tỉnh|huyện|thành phố|thị xã|xã|phường|địa phương)(?!\w)",
    re.IGNORECASE,
)


# "100% xã, thị trấn trong huyện".
_WITHIN = re.compile(
    rf"[^.;:()\d]{{1,40}}?(?<!\w)(?:trong|trên địa bàn)\s+(?P<type>huyện|tỉnh)(?!\s+[{UPPER}])(?!\w)"
)


def may_be_unit(name: str) -> bool:
    """Whether a name can be that of a unit: two syllables, Vietnamese letters, or HCM.

    >>> [name for name in ("Internet", "TSLCD", "Huế", "HCM", "Sơn La") if may_be_unit(name)]
    ['Huế', 'HCM', 'Sơn La']
    """
    return " " in name or not name.isascii() or "HCM" in name


# "xã Liên Châu (huyện Yên Lạc)", "xã Liên Châu được huyện Yên Lạc": the lower of the two is spoken of.
_IN_WHICH = re.compile(r"[\s,(]*(?:(?:được|thuộc|của)\s)?")
_LOWER = re.compile(r"(?i:xã|phường|thị trấn)\s")
_HIGHER = re.compile(r"(?i:huyện|thị xã|quận|thành phố|tỉnh)\s")
_OPENING_UNIT = re.compile(
    rf"\s*(?:(?i:đến nay|hiện nay|hiện|những năm qua|thời gian qua|năm \d{{4}}),?\s+)?(?P<unit>(?i:huyện|thị xã|xã|phường|thị trấn)\s+{NAME})(?:\s*\([^()]*\))?\s+(?:đã|có|là|được|hiện|đạt|luôn)(?!\w)"
)


def opening_unit(text: str) -> str | None:
    """The district or commune that a paragraph begins with as what it speaks of.

    >>> opening_unit("Đến nay, xã Liên Châu đã thành lập 14 tổ"), opening_unit("UBND xã Liên Châu đã họp")
    ('xã Liên Châu', None)
    """
    opening = _OPENING_UNIT.match(text)
    return opening.group("unit") if opening else None


# A part that goes on about what the part before it spoke of: "Đà Nẵng dẫn đầu, với tốc độ".
_GOES_ON = re.compile(r"\s*(?:với|đạt|nhờ)\s")


def _opening(before: str) -> re.Match[str] | None:
    """The name that opens the part of a clause right before a figure, as what it speaks of."""
    parts = re.split(r"[,;]\s", before)
    while len(parts) > 1 and _GOES_ON.match(parts[-1]):
        parts.pop()
    opening = _OPENS.match(parts[-1])
    return opening if opening and may_be_unit(opening.group("name")) else None


def clause_place(before: str, after: str) -> tuple[str | None, str | None]:
    """(place as printed, rule) that a figure's own clause names, the nearest before the figure first.

    >>> clause_place("Theo báo cáo, huyện Xín Mần là huyện có ", " thôn được cung cấp")
    ('huyện Xín Mần', 'clause')
    >>> clause_place("(cả nước đạt ", ")")
    ('cả nước', 'whole')
    >>> clause_place("Sơn La với 58,3%, Hà Giang có tỷ lệ 56,1% và Điện Biên với ", "")
    ('Điện Biên', 'subject')
    >>> clause_place("UBND tỉnh Sơn La giao chỉ tiêu; đã có ", " hồ sơ")
    (None, None)
    """
    found = [
        (match.start(), match.group().strip(), "clause")
        for match in TYPED.finditer(before)
        if not _BODY.search(before[: match.start()])
    ]
    found += [
        (match.start(), match.group(), "whole")
        for match in _WHOLE.finditer(before)
        if not _COMPARED_WITH.search(before[: match.start()]) or not re.search(r"[,;]", before[match.end() :])
    ]
    subject = _SUBJECT.search(before)
    if subject:
        name = subject.group("name") or subject.group("careless")
        at = before.rindex(name)
        nearer = not found or at > max(found)[0]
        if nearer and may_be_unit(name) and not _WHOLE.match(name) and not _BODY.search(before[:at]):
            return name, "clause" if TYPED.match(name) else "subject"
    opening = _opening(before)
    if opening and all(rule == "whole" for _, _, rule in found) and not _WHOLE.match(opening.group("name")):
        return opening.group("name"), "subject"
    there = _THERE.search(before)
    if there and not found and not EVENT.search(there.group("on")):
        return there.group("name"), "subject"
    if found:
        start, text, rule = max(found)
        inner = next((one for one in found if _IN_WHICH.fullmatch(before, one[0] + len(one[1]), start)), None)
        if inner is not None and _LOWER.match(inner[1]) and _HIGHER.match(text):
            return inner[1], inner[2]
        return text, rule
    speaker = _NATIONAL_SPEAKER.search(before)
    if (
        speaker
        and not OF_THE_UNIT.search(before, speaker.end())
        and not _AT_NAME.search(before, speaker.end())
    ):
        return "cả nước", "whole"
    inside = re.match(
        rf"[^,;()]*?(?<!\w)(?:tại|ở|trên địa bàn|của)\s+(?P<place>(?i:{TYPES})\s+{NAME})", after
    )
    if inside:
        return inside.group("place"), "clause"
    whole = re.match(
        r"\s*(?:trên\s+)?(?P<place>toàn (?:tỉnh|huyện|quốc|thành phố)|cả nước)(?!\w)", after, re.IGNORECASE
    )
    if whole:
        return whole.group("place"), "whole"
    within = _WITHIN.match(after)
    return (f"toàn {within.group('type')}", "whole") if within else (None, None)


LISTED = re.compile(rf"(?P<name>(?:(?i:{TYPES})\s+)?{NAME})\s*$")
