"""Statements of a table: what its rows, columns, groups and caption say of each cell.

A cell's figure is named by its row or by its column; the other one gives the period, the kind
(TH, KH, ước), the unit or the place. Blank, "-", "0" and "chưa có số liệu" are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.extraction.discourse import Discourse
from pipelines.extraction.kinds import comparator, heading_cue
from pipelines.extraction.periods import Period
from pipelines.extraction.statement import Statement
from pipelines.extraction.table_cells import value_of, value_role
from pipelines.extraction.table_heads import (
    Head,
    factor_of,
    is_bare,
    read_head,
    unit_in,
    words_without_period,
)
from pipelines.extraction.table_layout import (
    COUNT_WORDS,
    Table,
    TableCell,
    cell_text,
    is_index_row,
    lay_out,
    outline,
    spans,
)
from pipelines.extraction.tokens import Lexer, Token
from pipelines.reading.blocks import Block
from pipelines.reading.markers import is_row_number

_PART_ROW = re.compile(r"(?:trong đó|gồm|bao gồm)\s*:?\s*[-+]?\s*|[-+•–]\s*", re.IGNORECASE)
_BREAKDOWN_ROW = re.compile(r"(?:phân|chia) theo(?!\w)", re.IGNORECASE)
_WHOLE_ROW = re.compile(
    r"(?:tổng cộng|tổng số|tổng|toàn tỉnh|toàn huyện|toàn thành phố|cộng|chung)(?:\s*[-:].*)?$", re.IGNORECASE
)
_TOTAL_ROW = re.compile(
    r"(?:toàn (?:tỉnh|huyện|thành phố|xã|quốc)|cả (?:nước|tỉnh)|tổng cộng|cộng(?: toàn (?:tỉnh|huyện))?)\s*:?",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(?:tổng số|tổng cộng|chung|total|tổng)(?!\w)", re.IGNORECASE)
_SHARE = re.compile(r"(?:tỷ|tỉ)\s+(?:lệ|trọng)", re.IGNORECASE)
_QUOTE_MAX = 400
# Rows numbered a, b or by a dash, as outline() counts depth.
_LETTERED = 4


@dataclass(frozen=True, slots=True)
class _Group:
    """A row that leads others in: its depth, what it says, and whether it has figures of its own."""

    level: int
    head: Head
    has_figures: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of figures: its cells, label, depth, and the row that it is a part of."""

    cells: list[TableCell | None]
    head: Head
    level: int
    parent: _Group | None
    is_breakdown: bool


@dataclass(frozen=True, slots=True)
class _Whole:
    """What stands above all rows: the table's columns, its caption, the section and the text before it."""

    table: Table
    caption: Head
    section: Head
    discourse: Discourse


def table_statements(
    cells: Sequence[tuple[int, Block]], lexer: Lexer, discourse: Discourse, caption: str
) -> list[Statement]:
    """Statements of one table, row by row."""
    table = lay_out([TableCell(no, block) for no, block in cells], lexer, discourse)
    whole = _Whole(table, read_head(caption, lexer, discourse, is_caption=True), Head(), discourse)
    statements: list[Statement] = []
    groups: list[_Group] = []
    above: Head | None = None
    broken_down: Head | None = None
    for row in table.grid[table.header_rows :]:
        if is_index_row(row):
            continue
        label = cell_text(row, table.label_column) or _words_before(row, table)
        filled = any(cell and cell.text for cell in (row[column] for column in table.value_columns))
        level = outline(row, table)
        leads = spans(row, table)
        if above is not None and _BREAKDOWN_ROW.match(label) and (leads or not filled):
            broken_down = above
            continue
        if leads or (label and not filled and level in {0, 1, 2}):
            head = read_head(label or next((c.text for c in row if c and c.text), ""), lexer, discourse)
            if leads and level == 0:
                whole = replace(whole, section=head)
            groups = [*(group for group in groups if group.level < level), _Group(level, head)]
            broken_down = None
            continue
        if not label and not filled:
            continue
        if level:
            groups = [group for group in groups if group.level < level]
        parent = groups[-1] if groups else None
        part_of = _PART_ROW.match(label)
        head = read_head(label[part_of.end() :] if part_of else label, lexer, discourse)
        if level or not is_bare(head.label):
            broken_down = None
        if broken_down is not None:
            parent = _Group(0, broken_down)
        elif part_of and above is not None and (not level or parent is None):
            parent = _Group(0, above)
        elif filled:
            above = head
        figures = _Row(row, head, level, parent, is_breakdown=broken_down is not None)
        found = (_statement(whole, figures, column, lexer) for column in table.value_columns)
        statements += [statement for statement in found if statement is not None]
        if level:
            groups.append(_Group(level, head, has_figures=filled))
    return statements


def _words_before(row: list[TableCell | None], table: Table) -> str:
    """The label of a total that stands in the column of row numbers: "Cả nước | | 261,8"."""
    first = cell_text(row, table.number_column)
    return first if first and not is_row_number(first) and not is_row_number(first.rstrip(".")) else ""


def _statement(whole: _Whole, row: _Row, column: int, lexer: Lexer) -> Statement | None:
    """The statement of a row's cell in a column, None where there is no cell or mere words."""
    table, cell, column_head = whole.table, row.cells[column], whole.table.heads[column]
    if cell is None:
        return None
    role = value_role(cell.text, lexer)
    if role is None and not re.search(r"\d", cell.text):
        return None
    row_is_period = _is_only_period(row.head)
    row_is_place = (
        table.rows_are_places
        or row.head.place is not None
        or _TOTAL_ROW.fullmatch(row.head.text.strip()) is not None
    )
    label, side = row.head.label, column_head.label
    context = row.parent.head.label if row.parent and not row.parent.has_figures else ""
    if row_is_period or row_is_place:
        label, side = "" if _is_only_period(column_head) else column_head.label, ""
        context = column_head.part_of or context
        if row_is_period and _TOTAL.fullmatch(label.strip()):
            label = ""
    token = next((t for t in lexer.tokens(cell.text) if t.kind == "figure"), None)
    value, printed_unit = value_of(token, cell.text, role)
    unit, factor = _unit_and_factor(whole, row, column_head, printed_unit, lexer)
    if unit is None:
        named = context if context and is_bare(label) else label
        unit = "percent" if _SHARE.match(named) else "count"
    period, period_rule = _period(whole, row.head, column_head, row_is_period=row_is_period)
    kind, kind_rule, status = _kind(whole, row.head, column_head, period)
    sign, about, _ = comparator(
        cell.text[: token.start] if token else "", cell.text[token.end :] if token else ""
    )
    place, place_rule = None, None
    if row_is_place and not row_is_period and not _WHOLE_ROW.match(row.head.text):
        place, place_rule = row.head.place or row.head.text, "row"
    elif column_head.place:
        place, place_rule = column_head.place, "column"
    segment, segment_type = _segment(row)
    shown = " | ".join(part for part in (row.head.text, column_head.text, cell.text) if part)
    return Statement(
        block_no=cell.no,
        char_start=cell.block.char_start,
        char_end=cell.block.char_end,
        quote=shown[:_QUOTE_MAX],
        value_text=cell.text,
        value=_scaled(value, factor if unit == "count" and not (token and token.has_scale) else 1.0),
        value_max=token.value_max if token else None,
        unit="boolean" if role == "boolean" else unit,
        numerator=token.numerator if token else None,
        denominator=token.denominator if token else None,
        label=label or whole.caption.text,
        label_left=label,
        label_right=side,
        label_context=context,
        label_heading="" if row.is_breakdown else whole.caption.text,
        clause="",
        attach="table",
        figure_role=_figure_role(whole, row.head, column_head, role, token),
        comparator=sign,
        approximate=about,
        kind=kind,
        kind_basis=kind_rule,
        obs_status="O" if role == "blank" else "V" if cell.block.confidence is not None else status,
        year=period.year if period else None,
        year_basis=period_rule if period else None,
        as_of=period.as_of if period else None,
        place_text=place,
        place_basis=place_rule,
        segment=segment,
        segment_type=segment_type,
        table_no=cell.block.table_no,
        table_row=cell.block.table_row,
        table_column=cell.block.table_column,
        page=cell.block.page,
    )


def _is_only_period(head: Head) -> bool:
    """Whether a header says when and nothing else: "Sơ bộ 2020", "12/2006"."""
    return head.period is not None and not words_without_period(head.text)


def _unit_and_factor(
    whole: _Whole, row: _Row, column: Head, printed: str | None, lexer: Lexer
) -> tuple[str | None, float]:
    """(unit that cell, unit column, headers, group or caption give, what a printed unit multiplies counts by)."""
    unit_cell = cell_text(row.cells, whole.table.unit_column)
    parent = row.parent.head if row.parent and not row.parent.has_figures else None
    factors = (
        factor_of(unit_cell),
        column.factor,
        row.head.factor,
        parent.factor if parent else 1.0,
        whole.section.factor,
        whole.caption.factor,
    )
    factor = next((one for one in factors if one != 1.0), 1.0)
    unit = printed or (unit_in(f"1 {unit_cell}", lexer) if unit_cell else None)
    if printed is None and unit_cell.strip().lower() in COUNT_WORDS:
        unit = "count"
    per_100 = "per_100_people" in {row.head.unit, column.unit} or "/100" in unit_cell
    if per_100 and unit in {None, "percent", "count"}:
        unit = "per_100_people"
    group = parent.unit if parent else None
    return unit or column.unit or row.head.unit or group or whole.section.unit or whole.caption.unit, factor


def _figure_role(whole: _Whole, row: Head, column: Head, role: str | None, token: Token | None) -> str:
    """What a cell's figure is: a level, a change, a rank …, or why the cell holds none."""
    if role in {"blank", "dash", "no_data"}:
        return role
    if role is None:
        return "text"
    if token is not None and token.unit == "money":
        return "money"
    return column.role or whole.section.role or row.role or "level"


def _segment(row: _Row) -> tuple[str | None, str | None]:
    """(part of the whole that a row is of, its type): a kind in a breakdown, a row below one with figures."""
    if row.is_breakdown:
        return row.head.label, "group"
    if row.parent and row.parent.has_figures and row.level >= _LETTERED and row.parent.level < row.level:
        return row.parent.head.label, "parent_row"
    return None, None


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else float(f"{value * factor:.12g}")


def _period(
    whole: _Whole, row: Head, column: Head, *, row_is_period: bool
) -> tuple[Period | None, str | None]:
    """(period, rule) of a cell: the nearest header that gives one, else the text before, else the document."""
    if row_is_period:
        return row.period, "row"
    for head, rule in (
        (column, "column"),
        (row, "row"),
        (whole.section, "section"),
        (whole.caption, "caption"),
    ):
        if head.period is not None and not (head is whole.caption and head.until and _tells_status(whole)):
            return head.period, rule
    for frame in reversed(whole.discourse.frames):
        if frame.period is not None:
            return frame.period, "lead_in"
    year = whole.discourse.header.reference_year
    return (Period(year, "year"), "document") if year is not None else (None, None)


def _tells_status(whole: _Whole) -> bool:
    """Whether a page tells how things stand, so that the horizon of a plan above its table dates nothing."""
    cue = heading_cue(whole.discourse.header.title or "")
    return cue is not None and cue.kind in {"baseline", "actual"}


def _kind(whole: _Whole, row: Head, column: Head, period: Period | None) -> tuple[str, str, str]:
    """(kind, rule, observation status); a status column of a plan gives baselines."""
    discourse = whole.discourse
    is_plan = discourse.header.document_type in {"plan", "decision"}
    known = discourse.header.reference_year
    year = period.year if period is not None else None
    to_come = year is not None and known is not None and year > known
    for head, rule in ((column, "column"), (row, "row"), (whole.section, "section")):
        if rule != "column" and head.kind == "actual" and to_come:
            continue
        if head.kind is not None:
            if head.kind == "actual" and is_plan:
                return "baseline", rule, "A"
            return head.kind, rule, head.status
    if to_come:
        return "target", "period", "A"
    for frame in reversed(discourse.frames):
        if frame.kind is not None and frame.kind != "target":
            return frame.kind, "lead_in", frame.status
    if is_plan and period is not None and column.period is not None:
        return "baseline", "document", "A"
    return discourse.header.default_kind, "document", "A"
