"""Figures in series: "lần lượt" lists, and lists of places each with its figure.

A series states its names first and its figures after, or a name right before each figure; the
words around the series name them all.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipelines.extraction.figure import Figure
from pipelines.extraction.labels import is_empty_label, own_left, topic
from pipelines.extraction.places import LISTED, NAME, SUPERLATIVE, TYPES, may_be_unit
from pipelines.extraction.tokens import Token

_IN_TURN = re.compile(r"(?<!\w)(?:lần lượt|tương ứng)(?!\w)", re.IGNORECASE)
_JOINTS = re.compile(r"\s*(?:,|;|(?<!\w)và(?!\w))\s*")
_OPENER = re.compile(
    r"^\W*(?:(?:cụ thể|theo đó|trong đó|ngoài ra|bên cạnh đó)(?:\s*[,:]|\s+là)|(?:trong khi(?: đó,?)?|còn|và)(?=\s))\s*",
    re.IGNORECASE,
)
# "tốc độ download/upload": two labels that a slash joins.
_SLASH = re.compile(r"\s*(?:,|;|(?<!\w)và(?!\w)|(?<=[^\W\d_])/(?=[^\W\d_]))\s*")
_LINKS = re.compile(
    r"(?:\s*(?:là|đạt|ước|có|với|đều|cũng|sẽ|mới|chỉ|mới chỉ|đã|hiện|còn|ở mức))+\s*$", re.IGNORECASE
)
_ONE_NAME = re.compile(rf"(?:(?i:{TYPES})\s+)?{NAME}$")
_TYPE_OF_LIST = re.compile(rf"(?<!\w)(?:các|những)?\s*(?P<type>(?i:{TYPES}))(?!\w)")
_NAMED = re.compile(
    rf"(?:^|[,;:]\s*|(?<!\w)(?:và|còn)\s+|{SUPERLATIVE})(?P<name>(?:(?i:{TYPES})\s+)?{NAME})(?:\s+(?:đạt|là|với|có|chỉ|chỉ đạt|mới đạt|ở mức))?\s*$"
)
_TYPED_NAME = rf"(?:(?:các\s+)?(?i:{TYPES})\s+)?{NAME}"
# "Huyện A, huyện B và thị xã C có tỷ lệ ... lần lượt là": names first, then what is said of each.
_NAMES_FIRST = re.compile(
    rf"\W*(?:[Vv]ề\s[^,:]{{3,40}}[,:]\s*)?(?P<names>(?:[Cc]ác\s+)?{_TYPED_NAME}(?:\s*(?:,|và|,\s*và)\s*{_TYPED_NAME})+)(?:\s+(?:có|đạt|với|ghi nhận)\s+(?P<label>.+))?"
)
# Beginnings of a label that its later parts share: "Tỷ lệ dùng chung cột treo cáp, cống bể cáp".
_HEAD_WORDS = 6


def pair_series(text: str, found: list[Figure], tokens: list[Token]) -> None:
    """Pair the figures behind "lần lượt" with the years, places or labels before it, in order."""
    levels = [figure for figure in found if not figure.transparent and figure.role == "level"]
    if len(levels) < 2:
        return
    years: list[Token] = []
    for segment in sorted({figure.segment for figure in levels}):
        begin = segment[0]
        inside = [f for f in levels if f.segment == segment]
        words = [word.start() for word in _IN_TURN.finditer(text, begin, inside[-1].token.start)]
        for word, following in pairwise([*words, inside[-1].token.end]):
            begin = max([begin, *(f.end for f in inside if f.end <= word)])
            group = [f for f in inside if word < f.token.start < following]
            if len(group) > 1:
                years = _pair_group(text, begin, word, group, tokens, years)


def _pair_group(
    text: str, begin: int, word: int, figures: list[Figure], tokens: list[Token], said: list[Token]
) -> list[Token]:
    """Pair the figures behind one "lần lượt", which stands at `word`; `said` are the years that a part before listed, returned with this one's own."""
    before = _LINKS.sub("", text[begin:word].rstrip(" ,"))
    for figure in figures[:-1]:
        if figure.token.unit == figures[-1].token.unit:
            figure.unit_like = figures[-1]
    if not before.strip():
        return said
    years = [t for t in tokens if t.kind == "period" and t.period is not None and begin <= t.start < word]
    if len(years) == len(figures):
        label = text[begin : years[0].start]
        behind = _LINKS.sub("", text[years[-1].end : word]).strip(" ,")
        _pair_years(figures, years, behind if is_empty_label(label) and behind else label)
        return years
    if not years and len(said) == len(figures):
        _pair_years(figures, said, before.lstrip(" ;,"))
        return said
    _pair_names(figures, before)
    return years or said


def _pair_years(figures: list[Figure], years: list[Token], label: str) -> None:
    for figure, year in zip(figures, years, strict=True):
        figure.own_period = year.period
        figure.attach, figure.left, figure.context = "left", label, ""


def _pair_names(figures: list[Figure], before: str) -> None:
    """Pair figures with the labels or places that the words before "lần lượt" list."""
    before = _OPENER.sub("", before)
    named = _NAMES_FIRST.fullmatch(before)
    if named:
        places = _JOINTS.split(named.group("names"))
        if len(places) == len(figures):
            _name_places(figures, places, named.group("label") or "", "")
            for figure in () if named.group("label") else figures:
                figure.attach, figure.right = "right", figures[-1].right
            return
    label, about = own_left(before)
    if all(figure.right.strip(" ,;.") and is_empty_label(figure.right) for figure in figures[:-1]):
        for figure in figures:
            figure.attach, figure.left, figure.context = "left", label, about
        return
    parts = [part for part in _JOINTS.split(label) if part.strip()]
    for joints, words in ((_JOINTS, before), (_SLASH, label)):
        if len(parts) < len(figures):
            parts = [part for part in joints.split(words) if part.strip()]
    if len(parts) < len(figures):
        return
    parts = [
        _JOINTS.sub(", ", ", ".join(parts[: len(parts) - len(figures) + 1])),
        *parts[len(parts) - len(figures) + 1 :],
    ]
    if all(_ONE_NAME.fullmatch(part.strip()) for part in parts[1:]):
        _pair_places(figures, parts)
        return
    for number, (figure, part) in enumerate(zip(figures, parts, strict=True)):
        figure.attach, figure.left = "left", part
        figure.context = _shared_head(parts[0], part) if number else parts[-1]


def _shared_head(first: str, part: str) -> str:
    """The beginning of the first label that a later one shares with it.

    >>> _shared_head("tốc độ tải lên", "tải xuống trung bình")
    'tốc độ'
    >>> _shared_head("Tỷ lệ dùng chung cột treo cáp", "cống bể cáp")
    'Tỷ lệ dùng chung cột treo'
    """
    words, own = first.split(), part.split()
    end = words.index(own[0]) if own and own[0] in words[1:] else _HEAD_WORDS
    return " ".join(words[:end])


def _pair_places(figures: list[Figure], parts: list[str]) -> None:
    first = LISTED.search(parts[0])
    if first is None:
        return
    label = parts[0][: first.start()]
    context = "" if label.strip() else figures[0].context
    _name_places(figures, [first.group("name"), *parts[1:]], label, context)


def _name_places(figures: list[Figure], names: list[str], label: str, context: str) -> None:
    """Give each figure its place, one after the other; a type before the first is that of all."""
    kind = _TYPE_OF_LIST.match(names[0])
    for figure, name in zip(figures, names, strict=True):
        typed = _TYPE_OF_LIST.match(name)
        own = typed or kind
        bare = name[typed.end() :].strip() if typed else name.strip()
        figure.listed_name = f"{own.group('type')} {bare}" if own else bare
        figure.attach, figure.left, figure.context = "left", label, context


# Words in the bracket before a figure of a list: "Hà Nội (tốc độ tải xuống 94 Mbps)".
_INNER = re.compile(r"\s*(?:(?:tốc độ|tỷ lệ|tỉ lệ|mật độ)\s+(?:[^\W\d_]+\s+){0,4})?")


# "Bảo Lâm (34 xóm)": what is counted may stand behind the figure.
_CLOSES = re.compile(
    r"\s*(?:xóm|thôn|bản|ấp|buôn|làng|khu|xã|trạm|vị trí|hộ|thuê bao|người|hồ sơ)?\s*\)", re.IGNORECASE
)


def list_places(text: str, found: list[Figure], span: tuple[int, int]) -> None:
    """Figures right behind names, in brackets or bare, share the words around the list.

    "Hòa Bình (86,5%), Nam Định (65,9%) là 2 tỉnh dẫn đầu về tỷ lệ hồ sơ trực tuyến";
    "các huyện có thôn trắng sóng: Kỳ Sơn 38, Tương Dương 27".
    """
    bracketed = [(f, name) for f in found if (name := _bracketed_name(text, f, span))]
    bare = [(f, name) for f in found if (name := _bare_name(text, f, span))]
    listed = bracketed if len(bracketed) >= 2 else bare
    if len(listed) < 2 and not (listed and listed is bare and _goes_on_about(found, *listed[0])):
        return
    (first, first_name), (last, _) = listed[0], listed[-1]
    begins = text.rfind(first_name, span[0], first.token.start)
    before = [f.end for f in found if not f.transparent and f.end <= begins]
    lead = text[max([span[0], *before]) : begins]
    if first.paren is not None:
        lead += text[first.paren + 1 : first.token.start]
    rest = text[last.end + (1 if last.paren is not None else 0) : span[1]] if len(listed) > 1 else ""
    kind = _TYPE_OF_LIST.match(first_name) or next(reversed(list(_TYPE_OF_LIST.finditer(lead))), None)
    for figure, name in listed:
        typed = _TYPE_OF_LIST.match(name)
        figure.listed_name = f"{kind.group('type')} {name}" if kind and not typed else name
        figure.attach, figure.role = "left", "level"
        figure.left, figure.right, figure.context = lead, rest, ""


def _goes_on_about(found: list[Figure], figure: Figure, name: str) -> bool:
    """Whether the one figure behind a bare name is another unit's, beside a level of a named one: "của A đạt 96; B 91"."""
    earlier = [f for f in found if f.role == "level" and not f.transparent and f.end < figure.token.start]
    return (
        bool(earlier)
        and earlier[-1].token.unit == figure.token.unit is not None
        and may_be_unit(name)
        and LISTED.search(_LINKS.sub("", earlier[-1].left)) is not None
    )


def name_lists(found: list[Figure], last: list[Figure]) -> None:
    """Figures of a list of places take the words of the level before the list: in their sentence, else in that before."""
    before: Figure | None = None
    for figure in found:
        if not figure.listed_name:
            before = figure if figure.role == "level" and not figure.transparent else before
        elif before is not None or last:
            figure.context = topic(before or next((f for f in last if f.role == "level"), last[0]))


def _bracketed_name(text: str, figure: Figure, span: tuple[int, int]) -> str | None:
    if figure.paren is None or not _INNER.fullmatch(text, figure.paren + 1, figure.token.start):
        return None
    if not _CLOSES.match(text, figure.token.end):
        return None
    name = LISTED.search(text[span[0] : figure.paren])
    return name.group("name").strip() if name else None


def _bare_name(text: str, figure: Figure, span: tuple[int, int]) -> str | None:
    if figure.paren is not None or figure.transparent:
        return None
    follows = text[figure.token.end : figure.token.end + 2].strip()
    joined = re.match(r"\s+(?:và|là)\s", text[figure.token.end :])
    if follows and follows[0] not in ",;.)" and not joined:
        return None
    name = _NAMED.search(text[max(span[0], figure.token.start - 60) : figure.token.start])
    return name.group("name").strip() if name else None


_TOGETHER = re.compile(
    rf"(?<!\w)(?P<type>(?i:{TYPES}))\s+(?P<names>{NAME}(?:\s*,\s*(?:(?i:{TYPES})\s+)?{NAME})*\s+và\s+(?:(?i:{TYPES})\s+)?{NAME})"
    r"\s+(?:cùng|đều|cũng|là|có|đạt|với|hiện|đã)(?!\w)"
)


def of_each_place(text: str, found: list[Figure]) -> list[Figure]:
    """The figures, one with a value of several places once for each: "Huyện A và B đều đạt 100%"."""
    result: list[Figure] = []
    begin = found[0].sentence[0] if found else 0
    for figure in found:
        named = list(_TOGETHER.finditer(text, max(begin, figure.segment[0]), figure.token.start))
        if not named or figure.listed_name or figure.transparent or figure.role != "level":
            result.append(figure)
        else:
            words = named[-1]
            left = figure.left.replace(text[words.start() : words.end("names")], " ")
            for name in _JOINTS.split(words.group("names")):
                typed = name if _TYPE_OF_LIST.match(name) else f"{words.group('type')} {name}"
                result.append(replace(figure, left=left, listed_name=typed))
        begin = figure.end if not figure.transparent else begin
    return result
