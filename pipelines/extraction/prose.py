"""Statements of headings, paragraphs and list items."""

from __future__ import annotations

import re

from pipelines.extraction.clauses import Figure, figures, is_empty_label
from pipelines.extraction.discourse import Discourse
from pipelines.extraction.places import LISTED, clause_place
from pipelines.extraction.sentences import sentences
from pipelines.extraction.statement import Statement
from pipelines.extraction.tokens import Lexer, Token
from pipelines.reading.blocks import Block

_DIGIT = re.compile(r"\d")
_QUOTE_MAX = 400


def prose_statements(
    block_no: int, block: Block, lexer: Lexer, discourse: Discourse, *, is_title: bool
) -> list[Statement]:
    """Statements of one block of running text, in order."""
    text = block.text
    discourse.enter(block)
    statements: list[Statement] = []
    if _DIGIT.search(text):
        tokens = lexer.tokens(text)
        for span in sentences(text):
            found = figures(text, tokens, span)
            _list_places(text, found, span)
            statements += [
                _statement(block_no, block, figure, tokens, discourse, is_title=is_title) for figure in found
            ]
    discourse.leave(block)
    return statements


def _list_places(text: str, found: list[Figure], span: tuple[int, int]) -> None:
    """Figures that stand alone in brackets behind names share the words around the list.

    "Hòa Bình (86,5%), Nam Định (65,9%) là 2 tỉnh dẫn đầu về tỷ lệ hồ sơ trực tuyến".
    """
    listed = []
    for figure in found:
        if figure.paren is None or text[figure.paren + 1 : figure.token.start].strip():
            continue
        if not text[figure.token.end :].lstrip().startswith(")"):
            continue
        name = LISTED.search(text[span[0] : figure.paren])
        if name:
            listed.append((figure, name.group("name").strip()))
    if len(listed) < 2:
        return
    first, last = listed[0][0], listed[-1][0]
    lead = text[span[0] : first.paren or span[0]]
    lead = LISTED.sub("", lead)
    rest = text[last.token.end + 1 : span[1]]
    for figure, name_text in listed:
        figure.listed_name = name_text
        figure.attach, figure.role = "left", "level"
        figure.left, figure.right, figure.context = lead, rest, ""


def _statement(
    block_no: int, block: Block, figure: Figure, tokens: list[Token], discourse: Discourse, *, is_title: bool
) -> Statement:
    text, token = block.text, figure.token
    period, year_basis, kind, kind_basis, status = discourse.period_and_kind(figure, text, tokens)
    before = text[figure.sentence[0] : token.start]
    place: str | None
    place_basis: str | None
    if figure.listed_name:
        place, place_basis = figure.listed_name, "list"
    else:
        own = _without_closed(before) if figure.paren is None else text[figure.paren + 1 : token.start]
        place, place_basis = clause_place(own, figure.right)
        if place is None and figure.paren is not None:
            place, place_basis = clause_place(_without_closed(text[figure.sentence[0] : figure.paren]), "")
    start, end = figure.sentence
    if end - start > _QUOTE_MAX:
        start, end = max(start, token.start - _QUOTE_MAX // 2), min(end, token.end + _QUOTE_MAX // 2)
    quote = text[start:end]
    quote_start = block.char_start + start + len(quote) - len(quote.lstrip())
    unit = _unit(figure, tokens)
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
        label_left=figure.left.strip(),
        label_right=figure.right.strip(),
        label_context=figure.context.strip(),
        label_heading=discourse.heading,
        clause=before[-_QUOTE_MAX:],
        attach=figure.attach,
        figure_role=role,
        comparator=">=" if token.value_max is not None and figure.comparator == "=" else figure.comparator,
        approximate=figure.approximate,
        kind=kind,
        kind_basis=kind_basis,
        obs_status=status,
        year=period.year if period else None,
        year_basis=year_basis if period and period.year else None,
        as_of=period.as_of if period else None,
        place_text=place,
        place_basis=place_basis,
        page=block.page,
    )


def _without_closed(text: str) -> str:
    """The text without what stands in closed brackets."""
    return re.sub(r"\([^()]*\)", " ", text)


def _unit(figure: Figure, tokens: list[Token]) -> str:
    """percent, per_100_people, mbps, km, money, other; count where no unit is printed.

    A value of a label "…/100 dân" is per 100 people, even where the text writes %.
    """
    token = figure.token
    if token.unit == "fraction":
        return "percent"
    if token.kind == "rank":
        return "other"
    if token.unit in {None, "percent"} and not token.has_scale:
        for other in tokens:
            if other.kind != "per_100":
                continue
            if token.end <= other.start <= token.end + len(figure.right) and other.start - token.end < 48:
                return "per_100_people"
            if token.start - len(figure.left) <= other.start < token.start:
                return "per_100_people"
    return token.unit or "count"


def _label(figure: Figure) -> str:
    left, right = figure.left.strip(" ,;:-–(+"), figure.right.strip(" ,;:.-–)")
    if figure.attach == "left" and not is_empty_label(left):
        return left
    if figure.attach == "right" and right:
        return right
    if is_empty_label(left) and not right:
        return figure.context.strip(" ,;:") or left
    return f"{left} … {right}" if left and right and not is_empty_label(left) else right or left
