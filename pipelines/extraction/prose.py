"""Statements of headings, paragraphs and list items."""

from __future__ import annotations

import re
from bisect import bisect_left

from pipelines.extraction.clauses import figures
from pipelines.extraction.discourse import Discourse
from pipelines.extraction.figure import Figure
from pipelines.extraction.labels import is_empty_label
from pipelines.extraction.places import OF_THE_UNIT, TYPED, clause_place
from pipelines.extraction.relations import (
    BESIDE,
    go_on,
    name_by_lead,
    names_a_measure,
    network_of_speeds,
    parts_of_change,
    parts_within,
    refer_back,
    share_predicate,
    share_subject,
)
from pipelines.extraction.sentences import sentences
from pipelines.extraction.series import list_places, name_lists, of_each_place, pair_series
from pipelines.extraction.statement import Statement
from pipelines.extraction.tokens import PER_100, Lexer, Token
from pipelines.reading.blocks import Block

_DIGIT = re.compile(r"\d")
_SPEAKS_ON = {"level", "change"}
_QUOTE_MAX = 400
# Words farther before a figure than this no longer say of which unit it is.
_PLACE_REACH = 900
_PLACE_BEHIND = 60


def prose_statements(
    block_no: int, block: Block, lexer: Lexer, discourse: Discourse, *, is_title: bool
) -> list[Statement]:
    """Statements of one block of running text, in order."""
    text = block.text
    discourse.enter(block)
    statements: list[Statement] = []
    if _DIGIT.search(text):
        all_tokens = lexer.tokens(text)
        starts = [token.start for token in all_tokens]
        last: list[Figure] = discourse.last_figures
        in_block: list[Figure] = []
        spoken = lead = ""
        for span in sentences(text):
            tokens = all_tokens[bisect_left(starts, span[0]) : bisect_left(starts, span[1])]
            spoken_of = in_block or (last if BESIDE.match(text, span[0]) else [])
            found = figures(text, tokens, span, [f for f in spoken_of if f.role in _SPEAKS_ON])
            pair_series(text, found, tokens)
            list_places(text, found, span)
            found = of_each_place(text, found)
            name_lists(found, last)
            without_figures = "" if found else text[span[0] : span[1]]
            if without_figures:
                discourse.hear(without_figures)
            share_predicate(text, found)
            share_subject(found)
            network_of_speeds(text, found, f"{discourse.header.title or ''} ¦ {discourse.heading}")
            go_on(text, found, spoken)
            refer_back(found, last, spoken)
            if not in_block and names_a_measure(without_figures):
                lead = without_figures
            name_by_lead(found, lead)
            counted = (figure for figure in last if figure.token.unit is None and figure.role in _SPEAKS_ON)
            parts_of_change(text, found, next(counted, None))
            parts_within(text, found)
            in_block = [figure for figure in found if not figure.transparent] or in_block
            last = in_block or last
            spoken = without_figures
            statements += [
                _statement(block_no, block, figure, tokens, discourse, is_title=is_title) for figure in found
            ]
        discourse.last_figures = last
    discourse.leave(block)
    return statements


def _statement(
    block_no: int, block: Block, figure: Figure, tokens: list[Token], discourse: Discourse, *, is_title: bool
) -> Statement:
    text, token = block.text, figure.token
    period, year_basis, kind, kind_basis, status = discourse.period_and_kind(figure, text, tokens)
    before = text[max(figure.sentence[0], token.start - _PLACE_REACH) : token.start]
    place: str | None
    place_basis: str | None
    if figure.own_period is not None:
        period, year_basis = figure.own_period, "series"
    if figure.listed_name:
        place, place_basis = figure.listed_name, "list"
    else:
        own = _without_closed(before) if figure.paren is None else text[figure.paren + 1 : token.start]
        place, place_basis = clause_place(own, figure.right)
        if place is None and figure.paren is not None:
            outside = text[max(figure.sentence[0], figure.paren - _PLACE_REACH) : figure.paren]
            place, place_basis = clause_place(_without_closed(outside), "")
    if place is None and figure.refers_to:
        place, place_basis = clause_place(figure.refers_to, "")
    if place is None and discourse.block_subject and not _names_its_unit(figure, text, before):
        place, place_basis = discourse.block_subject, "clause"
    place, place_basis = _last_named(discourse, place, place_basis)
    if place is not None and place_basis == "subject":
        figure.left = figure.left.replace(place, " ")
    start, end = figure.sentence
    if end - start > _QUOTE_MAX:
        start, end = max(start, token.start - _QUOTE_MAX // 2), min(end, token.end + _QUOTE_MAX // 2)
    quote = text[start:end]
    quote_start = block.char_start + start + len(quote) - len(quote.lstrip())
    unit = _unit(figure)
    if unit == "count" and _is_bare_entry(figure, text) and _IN_PERCENT.search(discourse.heading):
        unit = "percent"
    if unit == "count" and figure.unit_like is not None:
        unit = _unit(figure.unit_like)
    of_some = _SOME_UNITS.search(before) or _APART.search(before)
    some = _HOW_MANY_UNITS.search(before) or (place_basis in {None, "whole"} and of_some)
    if some and figure.role == "level":
        figure.role = "part"
    role = "headline" if is_title and figure.role == "level" else figure.role
    return Statement(
        block_no=block_no,
        char_start=quote_start,
        char_end=quote_start + len(quote.strip()),
        quote=quote.strip(),
        value_text=token.text,
        value=token.value,
        value_max=token.value_max,
        unit=unit,
        numerator=token.numerator,
        denominator=token.denominator,
        label=_label(figure),
        label_left=_without_places(figure.left),
        label_right=_without_places(figure.right),
        label_context=_without_places(figure.context),
        label_heading=discourse.heading,
        clause=before[-_QUOTE_MAX:],
        attach=figure.attach,
        figure_role=role,
        comparator=">=" if token.value_max is not None and figure.comparator == "=" else figure.comparator,
        approximate=figure.approximate,
        kind=kind,
        kind_basis=kind_basis,
        obs_status="V" if block.confidence is not None else status,
        year=period.year if period else None,
        year_basis=year_basis if period and period.year else None,
        as_of=period.as_of if period else None,
        place_text=place,
        place_basis=place_basis,
        page=block.page,
    )


# "7 địa phương đạt 100%": what some units reached says nothing of the whole.
_SOME_UNITS = re.compile(
    r"(?<!\w)(?:(?<![\d/])\d{1,3}|một số|nhiều|vài|hai|ba|các)\s+(?:địa phương|tỉnh|huyện|xã|phường|đơn vị|nơi|bản|thôn)"
    r"(?!\w)(?![^,;.]*(?:cả nước|toàn))[^,;.\d]*?(?<!\w)(?:đạt|có t[ỷỉ] lệ)\s*(?:trên|dưới|hơn|gần|tỷ lệ)?\s*$",
    re.IGNORECASE,
)
# "riêng 6 huyện miền núi cao tỷ lệ này mới ở mức": of some units only.
_APART = re.compile(
    r"(?<!\w)riêng\s+(?:các|một số|\d{1,3})\s+(?:tỉnh|huyện|xã|phường|địa phương|thôn|bản)(?!\w)[^,;.]*$",
    re.IGNORECASE,
)
# "số tỉnh có tỷ lệ xã có cáp quang đạt 100% là 18/63" counts provinces.
_HOW_MANY_UNITS = re.compile(
    r"(?<!\w)số\s+(?:các\s+)?(?:tỉnh|địa phương|huyện|xã|phường|đơn vị)(?:,?\s+(?:thành phố|thành|thị xã))*\s+(?:có|đạt)\s+t[ỷỉ] lệ(?!\w)[^,;.]*$",
    re.IGNORECASE,
)
_WHOLE_UNIT = re.compile(r"(?:toàn|cả) (tỉnh|huyện|thành phố)", re.IGNORECASE)
_TYPE = re.compile(r"(?i:tỉnh|huyện|thành phố|thị xã|xã|phường)(?=\s)")


def _last_named(discourse: Discourse, place: str | None, basis: str | None) -> tuple[str | None, str | None]:
    """The unit named before "toàn tỉnh" is meant by it: "Đắk Nông có 68/71 xã; toàn tỉnh còn 12 thôn"."""
    if place is not None and basis in {"clause", "subject"}:
        discourse.block_place = (place, basis)
    whole = _WHOLE_UNIT.match(place) if place is not None and basis == "whole" else None
    if whole is None or discourse.block_place is None:
        return place, basis
    typed = _TYPE.match(discourse.block_place[0])
    fits = (
        whole.group(1).lower() == "tỉnh" if typed is None else typed.group().lower() == whole.group(1).lower()
    )
    return discourse.block_place if fits else (place, basis)


def _names_its_unit(figure: Figure, text: str, before: str) -> bool:
    """Whether the words right around a figure say of which unit it is: "80% số hộ của tỉnh"."""
    end = min(figure.token.end + _PLACE_BEHIND, figure.sentence[1])
    nearby = re.split(r"[,;]\s", before)[-1] + text[figure.token.end : end]
    return OF_THE_UNIT.search(nearby) is not None


def _without_places(words: str) -> str:
    """A label without the units that it names with their type: "huyện Mai Sơn đạt" names no indicator."""
    return _OF_SOME.sub(" ", TYPED.sub(" ", words)).strip()


_OF_SOME = re.compile(
    r"(?<!\w)(?:thuộc|của|tại|ở|trong|trên)\s+\d+\s+(?:xã|phường|huyện|thị trấn|thị xã|quận)(?:\s?[-,]\s?(?:xã|phường|thị trấn|thị xã))*",
    re.IGNORECASE,
)


def _without_closed(text: str) -> str:
    """The text without what stands in closed brackets."""
    return re.sub(r"\([^()]*\)", " ", text)


_PER_100 = re.compile(rf"{PER_100}|(?<!\w)mật độ (?:thuê bao|điện thoại|internet)", re.IGNORECASE)
_DENSITY = re.compile(r"(?<!\w)mật độ(?:\s+(?:là|đạt|khoảng|trên))*\s*$", re.IGNORECASE)
_PER_100_REACH = 48


def _unit(figure: Figure) -> str:
    """percent, per_100_people, mbps, km, money, other; count where no unit is printed.

    A value of a label "…/100 dân" is per 100 people, even where the text writes %.
    """
    token = figure.token
    if token.unit == "fraction":
        return "percent"
    if token.kind == "rank":
        return "other"
    if figure.per_person:
        return "ratio"
    if token.unit in {None, "percent"} and not token.has_scale:
        behind = figure.right[:_PER_100_REACH]
        if (
            _PER_100.search(behind)
            or _PER_100.search(figure.left)
            or (_DENSITY.search(figure.left) and "thuê bao" in figure.context)
        ):
            return "per_100_people"
    return token.unit or "count"


# "Tỷ lệ hộ có thiết bị (%):" gives its unit to the figures listed below it.
_IN_PERCENT = re.compile(
    r"\(\s*(?:ĐVT\s*:\s*|đơn vị(?: tính)?\s*:\s*)?%\s*\)|(?:ĐVT|đơn vị(?: tính)?)\s*:\s*%", re.IGNORECASE
)


def _is_bare_entry(figure: Figure, text: str) -> bool:
    """Whether a figure alone ends a list's line: "Máy vi tính: 24,7"."""
    return (
        figure.token.unit is None
        and not figure.token.has_scale
        and not text[figure.token.end :].strip(" .;,")
    )


def _label(figure: Figure) -> str:
    left, right = figure.left.strip(" ,;:-–(+"), figure.right.strip(" ,;:.-–)")
    if figure.attach == "left" and not is_empty_label(left):
        return left
    if figure.attach == "right" and right:
        return right
    if is_empty_label(left) and not right:
        return figure.context.strip(" ,;:") or left
    return f"{left} … {right}" if left and right and not is_empty_label(left) else right or left
