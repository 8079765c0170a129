"""Sentences of a block, their parts between semicolons, and brackets."""

from __future__ import annotations

import re

from pipelines.extraction.letters import LOWER, UPPER

_ABBREVIATION = re.compile(r"(?:^|\W)(?:TP|TX|TT|Tp|Tx|Q|P|H|Th[sS]|TS|PGS|GS|St|No|tr|v\.v|stt|ĐT|Mr|Mrs)$")
_SENTENCE = re.compile(rf"[.!?…](?=\s+[^\s{LOWER}])|[.](?=[{UPPER}][{UPPER}]?[{LOWER}])|[!?](?=\s|$)|\s\|\s")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a block; a decimal point, "TP." or a list number ends none.

    >>> text = "TP. Huế đạt 80.36%. Năm 2023 đạt 5%; còn lại 2%."
    >>> [text[a:b] for a, b in sentences(text)]
    ['TP. Huế đạt 80.36%. ', 'Năm 2023 đạt 5%; còn lại 2%.']
    """
    spans, start = [], 0
    for match in _SENTENCE.finditer(text):
        if text[match.start()] == "." and _ABBREVIATION.search(
            text[max(0, match.start() - 8) : match.start()]
        ):
            continue
        end = match.end()
        while end < len(text) and text[end].isspace():
            end += 1
        spans.append((start, end))
        start = end
    if start < len(text):
        spans.append((start, len(text)))
    return [part for span in spans for part in _bounded(text, *span)]


_LONGEST_SENTENCE = 2400


def _bounded(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence in parts of bounded length, so that time stays linear in any text."""
    parts = []
    while end - start > _LONGEST_SENTENCE:
        limit = start + _LONGEST_SENTENCE
        cut = max(
            text.rfind("; ", start, limit), text.rfind(", ", start, limit), text.rfind(" ", start, limit)
        )
        cut = cut + 1 if cut > start else limit
        parts.append((start, cut))
        start = cut
    return [*parts, (start, end)]


# A figure alone between semicolons goes on with a list: "lần lượt đạt 64,2%; 58,7% và 51,9%".
_BARE_FIGURE = re.compile(r"\s*\d[\d.,]*\s*%?(?:\s+(?:thuê bao|trạm|hộ|người))?\s*(?:[;,.]|và(?!\w)|$)")


def segments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Parts of a sentence between semicolons outside brackets."""
    parts, begin, depth = [], start, 0
    for position in range(start, end):
        char = text[position]
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == ";" and not depth and not _BARE_FIGURE.match(text, position + 1, end):
            parts.append((begin, position + 1))
            begin = position + 1
    if begin < end:
        parts.append((begin, end))
    return parts


def open_bracket(text: str, start: int, position: int) -> int | None:
    """Position of the bracket that is open at `position`, None outside brackets."""
    if text.find("(", start, position) < 0:
        return None
    depth = 0
    for at in range(position - 1, start - 1, -1):
        if text[at] == ")":
            depth += 1
        elif text[at] == "(":
            if depth == 0:
                return at
            depth -= 1
    return None


def close_bracket(text: str, position: int, end: int) -> int:
    """Position of the next closing bracket, `end` where none follows."""
    at = text.find(")", position, end)
    return at if at >= 0 else end
