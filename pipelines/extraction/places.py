"""Place names as printed: which words of a clause may name an administrative unit.

Whether a name is one, and which, is looked up in the catalog by matching.
"""

from __future__ import annotations

import re

from pipelines.extraction.letters import UPPER

_SYLLABLE = rf"(?-i:[{UPPER}][\w']*)"
NAME = rf"{_SYLLABLE}(?:[ ](?:[-–]\s)?{_SYLLABLE}|\s?-\s?{_SYLLABLE}){{0,4}}"
TYPES = r"thành phố|thị xã|thị trấn|đặc khu|tỉnh|huyện|quận|phường|xã|thôn|bản|ấp|buôn"
TYPED = re.compile(rf"(?<!\w)(?:(?i:{TYPES})\s+|(?:TP|Tp|TX|Tx|TT)(?:\.\s?|\s+)){NAME}")
_WHOLE = re.compile(
    r"(?<!\w)(?:(?:cả|toàn)\s+(?:nước|quốc|tỉnh|huyện|thành phố|thị xã|xã|quận)|trên\s+(?:phạm vi\s+)?(?:địa bàn\s+)?cả nước|Việt Nam|"
    r"trung bình (?:chung )?(?:của )?(?:cả nước|toàn quốc|quốc gia))(?!\w)",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?i:UBND|HĐND|Ủy ban nhân dân|Uỷ ban nhân dân|Sở [^,;.]{0,60}|Công an|Tỉnh ủy|Huyện ủy|Ban Chỉ đạo[^,;.]{0,40}|Bưu điện|Đại học|Trường|Bệnh viện|Cổng [^,;.]{0,40}|VNPT|Viettel|MobiFone)\s+(?:của\s+)?$"
)
_SUBJECT = re.compile(
    rf"^\s*(?:(?i:riêng|tại|ở|trong đó|gồm|như)\s+)?(?P<name>{NAME})\s+(?:đạt|là|có|chiếm|cũng|đứng|dẫn đầu|với|ước|đã|còn|:)"
)


_OWNER = re.compile(
    rf"(?<!\w)(?:của|tại|ở)\s+(?P<name>{NAME})\s+(?:đạt|là|chiếm|có|ước|còn|hiện|đã)(?:\s+(?:đạt|là|trên|hơn|gần|khoảng|ước))*\s*$"
)


def clause_place(before: str, after: str) -> tuple[str | None, str | None]:
    """(place as printed, rule) that a figure's own clause names, the nearest before the figure first.

    >>> clause_place("Theo báo cáo, huyện Xín Mần là huyện có ", " thôn được cung cấp")
    ('huyện Xín Mần', 'clause')
    >>> clause_place("(cả nước đạt ", ")")
    ('cả nước', 'whole')
    >>> clause_place("UBND tỉnh Sơn La giao chỉ tiêu; đã có ", " hồ sơ")
    (None, None)
    """
    found = [
        (match.start(), match.group().strip(), "clause")
        for match in TYPED.finditer(before)
        if not _BODY.search(before[: match.start()])
    ]
    found += [(match.start(), match.group(), "whole") for match in _WHOLE.finditer(before)]
    subject = _SUBJECT.match(re.split(r"[,;]\s", before)[-1])
    if subject and not found:
        return subject.group("name"), "subject"
    owner = _OWNER.search(before)
    if owner and not found:
        return owner.group("name"), "subject"
    if found:
        _, text, rule = max(found)
        return text, rule
    inside = re.match(
        rf"[^,;()]*?(?<!\w)(?:tại|ở|trên địa bàn|của)\s+(?P<place>(?i:{TYPES})\s+{NAME})", after
    )
    if inside:
        return inside.group("place"), "clause"
    whole = re.match(
        r"\s*(?:trên\s+)?(?P<place>toàn (?:tỉnh|huyện|quốc|thành phố)|cả nước)(?!\w)", after, re.IGNORECASE
    )
    return (whole.group("place"), "whole") if whole else (None, None)


LISTED = re.compile(rf"(?P<name>(?:(?i:{TYPES})\s+)?{NAME})\s*$")
