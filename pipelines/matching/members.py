"""What a share of 100 % says of each member of a list.

"100% thôn, xã có cáp quang" holds for every sort that it names, and "100% hộ có cáp quang và điện thoại thông
minh" for both things: a share of all is a share of all of each. Of any other share neither is true.
"""

from __future__ import annotations

import re

_VERB = re.compile(
    r"(?<!\w)(?:đã\s+)?(?:được\s+)?(?:có|phủ|sử dụng|kết nối|cung cấp|triển khai|truy cập|trang bị)(?!\w)|(?<!\w)được(?!\w)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:[,;&/+]|(?<!\w)(?:và|cùng|cũng như|hoặc|hay)(?!\w))\s*", re.IGNORECASE)
# Behind these the list is of places or owners: "cán bộ của các sở, xã".
_BELONGS = re.compile(r"(?<!\w)(?:của|thuộc|tại|ở|trong|cho|giữa)(?!\w)", re.IGNORECASE)


def members(label: str) -> list[tuple[str, str]]:
    """(subject, what is said of it) for each pair that a list names; none where it is no list.

    >>> members("hộ gia đình, thôn có cáp quang và wifi")
    [('hộ gia đình', 'có cáp quang'), ('hộ gia đình', 'có wifi'), ('thôn', 'có cáp quang'), ('thôn', 'có wifi')]
    >>> members("cán bộ của các sở, xã có máy tính"), members("hộ gia đình có cáp quang")
    ([], [])
    """
    verb = _VERB.search(label)
    if verb is None or _BELONGS.search(label, 0, verb.start()):
        return []
    subjects = [part for part in _AND.split(label[: verb.start()]) if part.strip()]
    said = [part for part in _AND.split(label[verb.start() :]) if part.strip()]
    whole = [said[0], *(part if _VERB.match(part) else f"{verb.group()} {part}" for part in said[1:])]
    pairs = [(subject.strip(), part.strip()) for subject in subjects for part in whole]
    return pairs if len(pairs) > 1 else []
