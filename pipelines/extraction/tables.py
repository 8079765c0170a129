"""Statements of a table: what its rows, columns, groups and caption say of each cell.

A cell's figure is named by its row or by its column; the other one gives the period, the kind
(TH, KH, ước), the unit or the place. Blank, "-", "0" and "chưa có số liệu" are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.extraction.discourse import Discourse
from pipelines.extraction.kinds import comparator, heading_cue
from pipelines.extraction.letters import UPPER
from pipelines.extraction.numbers import SCALES
from pipelines.extraction.periods import Period, find_periods
from pipelines.extraction.places import TYPED
from pipelines.extraction.statement import Statement
from pipelines.extraction.tokens import Lexer, Token
from pipelines.reading.blocks import Block
from pipelines.reading.markers import is_row_number

_BLANK = ""
_DASHES = {"-", "–", "—", "--"}
_NO_DATA = re.compile(
    r"(?:\.{2,}|…|chưa có số liệu|không có số liệu|chưa thống kê|chưa đánh giá|n/?a|kxđ)\.?$", re.IGNORECASE
)
_YES = re.compile(r"(?:có|đã có|đã|đạt|hoàn thành|đã ban hành|đã triển khai|x|✓|✔)\.?$", re.IGNORECASE)
_NO = re.compile(
    r"(?:không|chưa|chưa có|chưa đạt|không có|chưa triển khai|chưa ban hành|không đạt)\.?$", re.IGNORECASE
)
_NUMBER_HEADER = re.compile(r"(?:tt|stt|số tt|số thứ tự|#|no\.?)$", re.IGNORECASE)
_UNIT_HEADER = re.compile(r"(?:đvt|đơn vị tính|đơn vị|unit)$", re.IGNORECASE)
_ASIDE_HEADER = re.compile(
    r"(?:ghi chú|cơ quan|đơn vị (?:chủ trì|thực hiện|phối hợp|báo cáo)|chủ trì|phối hợp|nguồn|căn cứ|thời gian|sản phẩm|phụ trách|tiêu chí số|mã)",
    re.IGNORECASE,
)
_PLACE_HEADER = re.compile(
    r"(?:địa phương|tỉnh|huyện|thành phố|xã|phường|tên đơn vị|đơn vị hành chính|khu vực|địa bàn|quận|các đơn vị|tỉnh/thành|tỉnh, thành)",
    re.IGNORECASE,
)
_CHANGE_HEADER = re.compile(
    r"(?:tăng|giảm|so với|so cùng|so sánh|chênh lệch|tốc độ (?:tăng|phát triển)|chỉ số phát triển|năm trước\s*=\s*100)",
    re.IGNORECASE,
)
_COMPLETION_HEADER = re.compile(
    r"(?:hoàn thành|TH\s*/\s*KH|so (?:với )?KH|thực hiện so với|% KH|tỷ lệ thực hiện|đạt kế hoạch|so với kế hoạch)",
    re.IGNORECASE,
)
_RANK_HEADER = re.compile(r"(?:xếp hạng|thứ hạng|^hạng$)", re.IGNORECASE)
_WEIGHT_HEADER = re.compile(r"(?:điểm|trọng số)", re.IGNORECASE)
_PART_ROW = re.compile(r"(?:trong đó|gồm|bao gồm)\s*:?\s*[-+]?\s*|[-+•–]\s*", re.IGNORECASE)
_PART_HEADER = re.compile(
    r"(?:(?:trong đó|chia ra|bao gồm|gồm|of which|in which)(?!\w)[\s:–-]*)+", re.IGNORECASE
)
_BREAKDOWN_ROW = re.compile(r"(?:phân|chia) theo(?!\w)", re.IGNORECASE)
_LABEL_START = re.compile(r"(?:tỷ|tỉ|tổng|số|mật độ|tốc độ|doanh thu)(?!\w)", re.IGNORECASE)
_BARE_WORDS = 3
_WHOLE_ROW = re.compile(
    r"(?:tổng cộng|tổng số|tổng|toàn tỉnh|toàn huyện|toàn thành phố|cộng|chung)(?:\s*[-:].*)?$", re.IGNORECASE
)
_TOTAL_ROW = re.compile(
    r"(?:toàn (?:tỉnh|huyện|thành phố|xã|quốc)|cả (?:nước|tỉnh)|tổng cộng|cộng(?: toàn (?:tỉnh|huyện))?)\s*:?",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(?:tổng số|tổng cộng|chung|total|tổng)(?!\w)", re.IGNORECASE)
_RESULT_SHORT = re.compile(r"(?<!\w)TH(?!\w)|thực hiện|kết quả|đạt được|thực tế")
_PLAN_SHORT = re.compile(r"(?<!\w)(?:KH|MT|CT)(?!\w)|kế hoạch|mục tiêu|chỉ tiêu|phấn đấu", re.IGNORECASE)
_ESTIMATE_SHORT = re.compile(r"(?<!\w)(?:ước|ƯTH|UTH|dự kiến|dự ước)(?!\w)", re.IGNORECASE)
_HEADER_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class _Cell:
    no: int
    block: Block

    @property
    def text(self) -> str:
        return self.block.text.strip()


@dataclass(slots=True)
class _Head:
    """What a column header, row label, group or caption says."""

    text: str = ""
    period: Period | None = None
    kind: str | None = None
    status: str = "A"
    unit: str | None = None
    factor: float = 1.0
    role: str | None = None
    place: str | None = None
    label: str = ""
    part_of: str = ""


@dataclass(slots=True)
class _Table:
    grid: list[list[_Cell | None]]
    width: int
    header_rows: int
    heads: list[_Head] = field(default_factory=list)
    label_column: int = 0
    number_column: int | None = None
    unit_column: int | None = None
    value_columns: list[int] = field(default_factory=list)
    rows_are_places: bool = False


def table_statements(
    cells: Sequence[tuple[int, Block]], lexer: Lexer, discourse: Discourse, caption: str
) -> list[Statement]:
    """Statements of one table, row by row."""
    table = _layout([_Cell(no, block) for no, block in cells], lexer)
    table.heads = [
        _head(_path(table.grid, table.header_rows, column), lexer, discourse) for column in range(table.width)
    ]
    _name_wholes(table)
    whole = _head(caption, lexer, discourse, is_caption=True)
    statements: list[Statement] = []
    groups: list[tuple[int, _Head, bool]] = []
    section = _Head()
    above: _Head | None = None
    broken_down: _Head | None = None
    for row_no in range(table.header_rows, len(table.grid)):
        row = table.grid[row_no]
        if _is_index_row(row):
            continue
        label_cell = row[table.label_column]
        label = label_cell.text if label_cell else ""
        values = [(column, row[column]) for column in table.value_columns]
        filled = [cell for _, cell in values if cell and cell.text]
        if above is not None and _BREAKDOWN_ROW.match(label) and (not filled or _spans(row, table)):
            broken_down = above
            continue
        if _spans(row, table) or (label and not filled and _outline(row, table) in {0, 1, 2}):
            head = _head(label or next((c.text for c in row if c and c.text), ""), lexer, discourse)
            level = _outline(row, table)
            groups = [g for g in groups if g[0] < level] if level else []
            if _spans(row, table) and level == 0:
                section = head
            groups.append((level, head, False))
            broken_down = None
            continue
        if not label and not filled:
            continue
        level = _outline(row, table)
        if level:
            groups = [g for g in groups if g[0] < level]
        parent = groups[-1] if groups else None
        part_of = _PART_ROW.match(label)
        row_head = _head(label[part_of.end() :] if part_of else label, lexer, discourse)
        if level or not _is_bare(row_head.label):
            broken_down = None
        if broken_down is not None:
            parent = (0, broken_down, False)
        elif part_of and above is not None and not level:
            parent = (0, above, False)
        elif filled:
            above = row_head
        for column, cell in values:
            if cell is None:
                continue
            statement = _statement(
                table, cell, column, row, row_head, parent, section, whole, lexer, discourse, level
            )
            if statement is not None:
                if broken_down is not None:
                    statement.segment, statement.segment_type = row_head.label, "group"
                    statement.label_heading = ""
                statements.append(statement)
        if level:
            groups.append((level, row_head, bool(filled)))
    return statements


def _name_wholes(table: _Table) -> None:
    """Give the columns of parts ("Trong đó: 4G", then a bare "5G") the column that they are parts of."""
    whole, is_part = "", False
    for column in table.value_columns:
        head = table.heads[column]
        mark = _PART_HEADER.match(head.label)
        if mark and head.label[mark.end() :]:
            head.label, is_part = head.label[mark.end() :], True
        elif not (is_part and _is_bare(head.label)):
            whole, is_part = head.label, False
        if is_part:
            head.part_of = whole


def _is_bare(label: str) -> bool:
    """Whether a label is no name of its own, but of a part: "5G", "Thành thị".

    >>> _is_bare("Thành thị"), _is_bare("Số hộ"), _is_bare("Thuê bao Internet cáp quang")
    (True, False, False)
    """
    return not _LABEL_START.match(label) and len(_HEADER_WORDS.findall(label)) <= _BARE_WORDS


def _layout(cells: list[_Cell], lexer: Lexer) -> _Table:
    rows = max(cell.block.table_row or 1 for cell in cells)
    width = max((cell.block.table_column or 1) + cell.block.column_span - 1 for cell in cells)
    grid: list[list[_Cell | None]] = [[None] * width for _ in range(rows)]
    for cell in cells:
        for r in range(cell.block.row_span):
            for c in range(cell.block.column_span):
                row, column = (cell.block.table_row or 1) - 1 + r, (cell.block.table_column or 1) - 1 + c
                if row < rows and column < width and grid[row][column] is None:
                    grid[row][column] = cell
    table = _Table(grid, width, _header_rows(grid, lexer))
    paths = [_path(grid, table.header_rows, column) for column in range(width)]
    body = grid[table.header_rows :]
    words = [
        sum(
            bool(_HEADER_WORDS.search(text)) and not _value_role(text, lexer) for text in _texts(body, column)
        )
        for column in range(width)
    ]
    for column, path in enumerate(paths):
        texts = _texts(body, column)
        if table.number_column is None and (
            _NUMBER_HEADER.match(path)
            or (column == 0 and texts and width > 2 and all(map(is_row_number, texts)) and any(words[1:2]))
        ):
            table.number_column = column
    candidates = [c for c in range(width) if c != table.number_column]
    table.label_column = next(
        (c for c in candidates if words[c] >= max(1, len(body) // 3)), candidates[0] if candidates else 0
    )
    if table.number_column is None and not any(words) and candidates:
        table.label_column = candidates[0]
    table.unit_column = next(
        (
            c
            for c in candidates
            if c != table.label_column and (_UNIT_HEADER.match(paths[c]) or _all_units(body, c, lexer))
        ),
        None,
    )
    for column in candidates:
        if column in {table.label_column, table.unit_column} or _ASIDE_HEADER.match(paths[column]):
            continue
        table.value_columns.append(column)
    table.rows_are_places = bool(_PLACE_HEADER.match(paths[table.label_column]))
    return table


def _texts(rows: list[list[_Cell | None]], column: int) -> list[str]:
    """Words of a column's cells, without the empty ones."""
    return [cell.text for row in rows if (cell := row[column]) is not None and cell.text]


def _cell_text(row: list[_Cell | None], column: int | None) -> str:
    """Words of a row's cell, nothing where the row or the table has no such cell."""
    cell = row[column] if column is not None else None
    return cell.text if cell is not None else ""


def _all_units(body: list[list[_Cell | None]], column: int, lexer: Lexer) -> bool:
    texts = _texts(body, column)
    if any(re.search(r"\d(?!00 (?:dân|người))", text.replace("1.000", "")) for text in texts):
        return False
    return len(texts) >= 2 and all(
        _unit_in(f"1 {text}", lexer) or text.lower() in _COUNT_WORDS for text in texts
    )


_COUNT_WORDS = {
    "thuê bao",
    "trạm",
    "người",
    "hộ",
    "cái",
    "đơn vị",
    "doanh nghiệp",
    "nền tảng",
    "số",
    "có/không",
    "xã",
    "thôn",
    "vị trí",
    "tổ",
}


def _unit_in(text: str, lexer: Lexer) -> str | None:
    for token in lexer.tokens(text):
        if token.kind == "figure" and token.unit not in {None, "fraction"}:
            return token.unit
    return None


_FACTOR = re.compile(
    r"^\s*(?:(?P<scale>nghìn|ngàn|triệu|tỷ|tỉ|vạn)(?!\w)|(?P<number>1[.,]?000)(?!\d))", re.IGNORECASE
)


def _factor(unit_text: str) -> float:
    """What a printed unit multiplies its figures by.

    >>> _factor("Nghìn thuê bao"), _factor("1.000 TB"), _factor("Thuê bao")
    (1000.0, 1000.0, 1.0)
    """
    match = _FACTOR.match(unit_text)
    if match is None:
        return 1.0
    return SCALES[match.group("scale").lower()] if match.group("scale") else 1000.0


def _header_rows(grid: list[list[_Cell | None]], lexer: Lexer) -> int:
    """How many rows from the top name the columns."""
    for row_no, row in enumerate(grid):
        marked = [c for c in row if c is not None]
        if marked and all(c.block.is_header for c in marked):
            continue
        if _is_index_row(row):
            continue
        figures = 0
        for column, cell in enumerate(row):
            if cell is None or column == 0 or cell.block.row_span > 1:
                continue
            role = _value_role(cell.text, lexer)
            if role in {"number", "boolean"} and not re.fullmatch(
                r"(?:năm\s+)?(?:19|20)\d\d", cell.text, re.IGNORECASE
            ):
                figures += 1
        first = row[0].text if row and row[0] else ""
        if figures or (row_no and is_row_number(first)):
            return row_no
    return 1


def _is_index_row(row: list[_Cell | None]) -> bool:
    """A row that only numbers the columns: (1) (2) (3) or 1 2 3 4."""
    texts = [c.text.strip("()[] ") for c in row if c and c.text]
    if len(texts) < 3 or not all(text.isdecimal() for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2


def _path(grid: list[list[_Cell | None]], header_rows: int, column: int) -> str:
    """Words of a column's header from top to bottom, a spanning cell once."""
    seen: list[str] = []
    for row in grid[:header_rows]:
        cell = row[column]
        if cell and cell.text and cell.text not in seen and not _is_index_row(row):
            seen.append(cell.text)
    return " ".join(seen)


def _spans(row: list[_Cell | None], table: _Table) -> bool:
    present = [c for c in row if c is not None]
    if not present:
        return False
    first = present[0]
    return (
        table.width > 1
        and (first.block.column_span >= table.width or all(c is first for c in present))
        and bool(first.text)
    ) or (
        len(present) <= table.width / 2
        and len(present) <= 2
        and all(not re.fullmatch(r"[\d.,%\s-]*", c.text) for c in present)
        and table.width > 2
    )


def _outline(row: list[_Cell | None], table: _Table) -> int:
    """Depth of a row by its number: 1 for I, 2 for 1, 3 for 1.1, 4 for a, 5 for a dash; 0 for none."""
    number = ""
    if table.number_column is not None and row[table.number_column]:
        number = _cell_text(row, table.number_column).strip(".() ")
    else:
        cell = row[table.label_column]
        match = re.match(r"([IVX]+|\d+(?:\.\d+)*|[a-zđ])[.)]\s|([-+•])\s", cell.text) if cell else None
        if match:
            number = match.group(1) or "-"
    if not number:
        return 0
    if re.fullmatch(r"[IVX]+", number) or re.fullmatch(rf"[{UPPER}]", number):
        return 1
    if number.isdecimal():
        return 2
    if re.fullmatch(r"\d+(?:\.\d+)+", number):
        return 3
    if re.fullmatch(r"[-+•]", number):
        return 5
    return 4 if re.fullmatch(r"[a-zđ]", number) else 0


def _head(text: str, lexer: Lexer, discourse: Discourse, *, is_caption: bool = False) -> _Head:
    """Reads period, kind, unit, role and place out of a header, leaving the words that name a figure."""
    head = _Head(text=text)
    if not text:
        return head
    periods = [p for _, _, p in find_periods(text) if p.year]
    head.period = periods[-1].with_year(discourse.header.reference_year) if periods else None
    if _COMPLETION_HEADER.search(text) and not is_caption:
        head.role = "plan_completion"
    elif re.search(r"chỉ số phát triển|năm trước\s*=\s*100", text, re.IGNORECASE):
        head.role = "index"
    elif _CHANGE_HEADER.match(text.strip("(+- ")) and not is_caption:
        head.role = "change"
    elif _RANK_HEADER.search(text) and not is_caption:
        head.role = "rank"
    cue = heading_cue(text)
    if _ESTIMATE_SHORT.search(text):
        head.kind, head.status = "estimate", "E"
    elif _PLAN_SHORT.search(text) and not is_caption:
        head.kind = "target"
    elif _RESULT_SHORT.search(text) and not is_caption:
        head.kind = "actual"
    elif cue and not is_caption:
        head.kind, head.status = cue.kind, cue.status
    if cue and cue.status == "P":
        head.kind, head.status = "estimate", "P"
    unit = re.search(r"(?:ĐVT|Đơn vị(?: tính)?)\s*:\s*([^()|¦;]{1,24})", text, re.IGNORECASE) or re.search(
        r"\(([^()]{1,24})\)\s*$", text
    )
    if unit:
        head.unit = _unit_in(f"1 {unit.group(1).strip()}", lexer)
        head.factor = _factor(unit.group(1))
    if re.search(
        r"(?:/\s*|trên\s+|bình quân\s+)100\s*(?:người\s+)?(?:dân|người)|mật độ (?:thuê bao|điện thoại|internet)",
        text,
        re.IGNORECASE,
    ):
        head.unit = "per_100_people"
    place = TYPED.search(text)
    if place and not is_caption and len(place.group()) >= 0.6 * len(text):
        head.place = place.group()
    head.label = text
    return head


def _value_role(text: str, lexer: Lexer) -> str | None:
    """number, boolean, blank, dash, no_data; None for words."""
    stripped = text.strip()
    if not stripped:
        return "blank"
    if stripped in _DASHES:
        return "dash"
    if _NO_DATA.match(stripped):
        return "no_data"
    if _YES.match(stripped) or _NO.match(stripped):
        return "boolean"
    figures = [t for t in lexer.tokens(stripped) if t.kind == "figure"]
    if figures and len(_HEADER_WORDS.findall(stripped)) <= 6:
        return "number"
    if re.fullmatch(r"(?:19|20)\d\d", stripped):
        return "number"
    return None


def _statement(
    table: _Table,
    cell: _Cell,
    column: int,
    row: list[_Cell | None],
    row_head: _Head,
    parent: tuple[int, _Head, bool] | None,
    section: _Head,
    whole: _Head,
    lexer: Lexer,
    discourse: Discourse,
    level: int,
) -> Statement | None:
    column_head = table.heads[column]
    role = _value_role(cell.text, lexer)
    if role is None and not re.search(r"\d", cell.text):
        return None
    row_is_period = row_head.period is not None and len(_words_without_period(row_head.text)) == 0
    row_is_place = (
        table.rows_are_places
        or row_head.place is not None
        or _TOTAL_ROW.fullmatch(row_head.text.strip()) is not None
    )
    label, side = row_head.label, column_head.label
    if row_is_period or row_is_place:
        label, side = column_head.label, ""
        if row_is_period and _TOTAL.fullmatch(label.strip()):
            label = ""
    context = parent[1].label if parent and not parent[2] else ""
    if row_is_period or row_is_place:
        context = column_head.part_of or context
    token = next((t for t in lexer.tokens(cell.text) if t.kind == "figure"), None)
    value, unit = _value(token, cell.text, role)
    unit_cell = _cell_text(row, table.unit_column)
    stated_unit = unit or (_unit_in(f"1 {unit_cell}", lexer) if unit_cell else None)
    if unit_cell.strip().lower() in _COUNT_WORDS and unit is None:
        stated_unit = "count"
    factor = next(
        (
            f
            for f in (_factor(unit_cell), column_head.factor, row_head.factor, section.factor, whole.factor)
            if f != 1.0
        ),
        1.0,
    )
    per_100 = (
        "per_100_people" in {row_head.unit, column_head.unit} or re.search(r"/100", unit_cell) is not None
    )
    if per_100 and stated_unit in {None, "percent", "count"}:
        stated_unit = "per_100_people"
    parent_unit = parent[1].unit if parent and not parent[2] else None
    stated_unit = (
        stated_unit or column_head.unit or row_head.unit or parent_unit or section.unit or whole.unit
    )
    if stated_unit is None:
        named = context if context and _is_bare(label) else label
        stated_unit = "percent" if re.match(r"(?:tỷ|tỉ)\s+(?:lệ|trọng)", named, re.IGNORECASE) else "count"
    figure_role = column_head.role or section.role or row_head.role or "level"
    if role in {"blank", "dash", "no_data"}:
        figure_role = role
    elif role is None:
        figure_role = "text"
    elif token is not None and token.unit == "money":
        figure_role = "money"
    period, period_rule = _period(
        row_head, column_head, section, whole, discourse, row_is_period=row_is_period
    )
    kind, kind_rule, status = _kind(row_head, column_head, section, discourse, period)
    segment = segment_type = None
    if parent and parent[2] and level >= 4 and parent[0] < level:
        segment, segment_type = parent[1].label, "parent_row"
    sign, about, _ = comparator(
        cell.text[: token.start] if token else "", cell.text[token.end :] if token else ""
    )
    place, place_rule = None, None
    if row_is_place and not _WHOLE_ROW.match(row_head.text):
        place, place_rule = row_head.place or row_head.text, "row"
    elif column_head.place:
        place, place_rule = column_head.place, "column"
    caption_label = whole.text
    shown = " | ".join(part for part in (row_head.text, column_head.text, cell.text) if part)
    return Statement(
        block_no=cell.no,
        char_start=cell.block.char_start,
        char_end=cell.block.char_end,
        quote=shown[:400],
        value_text=cell.text,
        value=_scaled(value, factor if stated_unit == "count" and not (token and token.has_scale) else 1.0),
        value_max=token.value_max if token else None,
        unit="boolean" if role == "boolean" else stated_unit,
        numerator=token.numerator if token else None,
        denominator=token.denominator if token else None,
        label=label or caption_label,
        label_left=label,
        label_right=side,
        label_context=context,
        label_heading=caption_label,
        clause="",
        attach="table",
        figure_role=figure_role,
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


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else float(f"{value * factor:.12g}")


def _words_without_period(text: str) -> list[str]:
    masked = list(text)
    for start, end, _ in find_periods(text):
        masked[start:end] = " " * (end - start)
    rest = re.sub(
        r"(?<!\w)(?:năm|sơ bộ|ước|prel|tính|thực hiện|kế hoạch|mục tiêu|TH|KH|đến|hết|cuối|tháng|quý|preliminary)(?!\w)",
        " ",
        "".join(masked),
        flags=re.IGNORECASE,
    )
    return _HEADER_WORDS.findall(rest)


def _value(token: Token | None, text: str, role: str | None) -> tuple[float | None, str | None]:
    if role == "boolean":
        return (1.0 if _YES.match(text.strip()) else 0.0), "boolean"
    if role == "number" and token is None and text.strip().isdecimal():
        return float(text.strip()), None
    if role != "number" or token is None:
        return None, None
    return token.value, "percent" if token.unit == "fraction" else token.unit


def _period(
    row: _Head, column: _Head, section: _Head, whole: _Head, discourse: Discourse, *, row_is_period: bool
) -> tuple[Period | None, str | None]:
    if row_is_period:
        return row.period, "row"
    for head, rule in ((column, "column"), (row, "row"), (section, "section"), (whole, "caption")):
        if head.period is not None:
            return head.period, rule
    for frame in reversed(discourse.frames):
        if frame.period is not None:
            return frame.period, "lead_in"
    header = discourse.header
    if header.reference_year is not None:
        return Period(header.reference_year, "year"), "document"
    return None, None


def _kind(
    row: _Head, column: _Head, section: _Head, discourse: Discourse, period: Period | None
) -> tuple[str, str, str]:
    """(kind, rule, observation status); a status column of a plan gives baselines."""
    is_plan = discourse.header.document_type in {"plan", "decision"}
    known = discourse.header.reference_year
    to_come = period is not None and None not in {period.year, known} and (period.year or 0) > (known or 0)
    for head, rule in ((column, "column"), (row, "row"), (section, "section")):
        if rule != "column" and head.kind == "actual" and to_come:
            continue
        if head.kind is not None:
            if head.kind == "actual" and is_plan:
                return "baseline", rule, "A"
            return head.kind, rule, head.status
    reference = discourse.header.reference_year
    if period is not None and period.year is not None and reference is not None and period.year > reference:
        return "target", "period", "A"
    for frame in reversed(discourse.frames):
        if frame.kind is not None and frame.kind != "target":
            return frame.kind, "lead_in", frame.status
    return (
        (
            "baseline"
            if is_plan and period is not None and column.period is not None
            else discourse.header.default_kind
        ),
        "document",
        "A",
    )
