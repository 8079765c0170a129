"""Saved web pages to blocks: headings, paragraphs, list items and tables; menus and footers are not content."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.reading.blocks import Block, BlockKind
from pipelines.reading.content import Content
from pipelines.reading.errors import ReadingError
from pipelines.reading.markers import marker
from pipelines.reading.text import text_blocks

_NOT_CONTENT = (
    "script, style, noscript, template, nav, header nav, footer, aside, form, iframe, svg, button, select"
)
# Parts of a portal's page by what their authors call them: menus, ways back, related links, counters.
_PORTAL_PART = re.compile(
    r"(?:^|[-_\s])(?:menu|nav(?:bar|igation)?|breadcrumbs?|side-?bar|footer|foot|related|tin-?lien-?quan|lien-?quan"
    r"|tin-?khac|other-?news|counter|visitors?|luot-?truy-?cap|thong-?ke-?truy-?cap|banner|advert(?:isement)?|ads|share|social"
    r"|comments?|binh-?luan|pagination|paging|copyright|lien-?ket|weblinks?|tool-?bar)(?:$|[-_\s]|\d)",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LINK_SHARE = 0.8
_LEAST_LINKS = 4
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "font", "i", "kbd", "label", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "-text", "o:p",
}  # fmt: skip
# Pages nest deeper than documents: layout around the article, elements that nobody closed.
_DEPTH_FACTOR = 2
_NESTING_TAG = re.compile(
    r"<(/?)(?:div|span|section|article|main|center|blockquote|table|ul|ol|dl|form|fieldset|header|footer|nav|aside|svg|g|math)\b",
    re.IGNORECASE,
)
_MAX_DEPTH = 200
_LONG_CELL = 300


class _Text:
    """The document's text as it grows, with the offsets of its blocks."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0

    def add(self, text: str) -> tuple[int, int]:
        start = self.length
        self.pieces.append(text + "\n")
        self.length += len(text) + 1
        return start, start + len(text)


def html_blocks(source: str, content: Content | None = None) -> tuple[str, list[Block]]:
    """(text, blocks) of an HTML page already decoded to NFC.

    Hidden elements are noted in `content`. The text is that of the content in reading order, one block a line; offsets refer to it.
    A page without any block element is read as plain text.
    """
    if content is not None:
        _check_depth(source, content)
    tree = LexborHTMLParser(source)
    _take_out(tree.css(_NOT_CONTENT))
    _drop_hidden(tree, content)
    _drop_portal_parts(tree)
    body = tree.body
    if body is None:
        return "", []
    if not tree.css("p, li, td, th, h1, h2, h3, h4, div, br"):
        text = body.text(deep=True)
        return text, text_blocks(text)
    text_of = _Text()
    blocks: list[Block] = []
    _walk(body, text_of, blocks, [0], 0)
    return "".join(text_of.pieces), blocks


def _check_depth(source: str, content: Content) -> None:
    """Raise ReadingError where elements lie deeper inside each other than any page needs.

    Before the page is parsed, for parsing takes long then. Only elements that must be closed count.
    """
    deepest = _DEPTH_FACTOR * content.limits.depth
    depth = 0
    for found in _NESTING_TAG.finditer(source):
        depth = max(0, depth - 1) if found[1] else depth + 1
        if depth > deepest:
            raise ReadingError(
                "limit_exceeded",
                f"{content.name}: elements inside elements more than {deepest} deep; save the page as text.",
            )


def _outermost(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """Those of the nodes, given in document order, that lie in none of the others."""
    going = {node.mem_id for node in nodes}
    inside: dict[int, bool] = {}
    outermost: list[LexborNode] = []
    for node in nodes:
        path: list[int] = []
        parent = node.parent
        while parent is not None and parent.mem_id not in going and parent.mem_id not in inside:
            path.append(parent.mem_id)
            parent = parent.parent
        is_inside = parent is not None and inside.get(parent.mem_id, True)
        inside.update(dict.fromkeys(path, is_inside))
        if not is_inside:
            outermost.append(node)
    return outermost


def _take_out(nodes: Sequence[LexborNode]) -> None:
    """Remove nodes, given in document order; one inside another goes with it and is not touched again."""
    for node in _outermost(nodes):
        node.decompose(recursive=True)


def _drop_hidden(tree: LexborHTMLParser, content: Content | None) -> None:
    """Take out what a reader of the page does not see, and say what it was."""
    hidden = [
        node
        for node in tree.css("[hidden], [style]")
        if ("hidden" in node.attributes or _HIDDEN_STYLE.search(node.attributes.get("style") or ""))
        and (node.tag or "").lower() not in {"html", "body"}
    ]
    for node in _outermost(hidden):
        words = _inline_text(node).strip()
        if content is not None and words:
            content.leave_out_hidden(f"an element ({node.tag})", words)
        node.decompose(recursive=True)


def _drop_portal_parts(tree: LexborHTMLParser) -> None:
    """Take out what surrounds an article: parts named so, and lists of links; never what holds a table."""
    named_parts = tree.css(
        "div[class], div[id], ul[class], ul[id], section[class], section[id], table[class], td[class], p[class], span[class]"
    )
    _take_out([node for node in named_parts if _is_named_as_part(node) and not _holds_article(node)])
    _take_out([node for node in tree.css("ul, ol, div") if _is_list_of_links(node)])


def _is_named_as_part(node: LexborNode) -> bool:
    return bool(
        _PORTAL_PART.search(f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}")
    )


def _is_list_of_links(node: LexborNode) -> bool:
    links = node.css("a[href]")
    if len(links) < _LEAST_LINKS or node.css_first("table, article, h1"):
        return False
    words = len(_inline_text(node))
    return words > 0 and sum(len(_inline_text(link)) for link in links) >= _LINK_SHARE * words


def _holds_article(node: LexborNode) -> bool:
    """Whether a part holds the article itself, whatever it is called: a page's title, or much running text."""
    if node.css_first("article, h1"):
        return True
    running = sum(len(_inline_text(one)) for one in node.css("p, td"))
    return running > 1500


def _walk(node: LexborNode, text: _Text, blocks: list[Block], tables: list[int], depth: int) -> None:
    """Blocks below a node; runs of inline content between block elements become paragraphs."""
    run: list[str] = []

    def flush() -> None:
        for line in "".join(run).split("\n"):
            _add_block(line, "paragraph", 0, text, blocks)
        run.clear()

    for child in node.iter(include_text=True):
        tag = (child.tag or "").lower()
        if tag == "br":
            run.append("\n")
        elif tag == "-text":
            run.append(re.sub(r"\s+", " ", child.text_content or ""))
        elif tag in _INLINE and not _holds_blocks(child):
            run.append(_inline_text(child))
        elif tag == "table":
            flush()
            _add_table(child, text, blocks, tables, depth)
        elif depth < _MAX_DEPTH:
            flush()
            if tag in _HEADINGS:
                _add_block(_inline_text(child), "heading", _HEADINGS[tag], text, blocks)
            elif tag == "li" and not _holds_blocks(child):
                _add_block(_inline_text(child), "list_item", 6, text, blocks)
            else:
                _walk(child, text, blocks, tables, depth + 1)
        else:
            run.append(_inline_text(child))
    flush()


def _holds_blocks(node: LexborNode) -> bool:
    return node.css_first("p, div, li, table, h1, h2, h3, h4, h5, h6, ul, ol, br") not in (None, node)


def _inline_text(node: LexborNode) -> str:
    return re.sub(r"\s+", " ", node.text(deep=True))


def _add_block(line: str, kind: BlockKind, level: int, text: _Text, blocks: list[Block]) -> None:
    line = line.strip()
    if not line:
        return
    mark, marked_level = marker(line)
    body = line[len(mark) :].lstrip() if mark else line
    _, end = text.add(line)
    if mark and kind != "heading":
        kind, level = "list_item", marked_level
    blocks.append(Block(kind, body, end - len(body), end, level=marked_level if mark else level, marker=mark))


def _add_table(table: LexborNode, text: _Text, blocks: list[Block], tables: list[int], depth: int) -> None:
    """Cells by row and column with their spans; a table that only lays out the page is walked through.

    Tables inside cells follow the table.
    """
    rows = [row for row in table.css("tr") if _owner(row) == table.mem_id]
    cells = [[c for c in row.iter() if (c.tag or "").lower() in {"td", "th"}] for row in rows]
    if max((len(row) for row in cells), default=0) < 2 or len(rows) < 2 or _is_layout(cells):
        for row in cells:
            for cell in row:
                _walk(cell, text, blocks, tables, depth + 1)
        return
    tables[0] += 1
    taken: set[tuple[int, int]] = set()
    for row_no, row in enumerate(cells, 1):
        column_no = 0
        for cell in row:
            column_no += 1
            while (row_no, column_no) in taken:
                column_no += 1
            column_span, row_span = _span(cell, "colspan"), _span(cell, "rowspan")
            taken.update((row_no + r, column_no + c) for r in range(row_span) for c in range(column_span))
            words = _words_beside_tables(cell).strip()
            start, end = text.add(words)
            blocks.append(
                Block(
                    "table_cell",
                    words,
                    start,
                    end,
                    table_no=tables[0],
                    table_row=row_no,
                    table_column=column_no,
                    column_span=column_span,
                    row_span=row_span,
                    is_header=(cell.tag or "").lower() == "th",
                )
            )
            column_no += column_span - 1
    if depth < _MAX_DEPTH:
        for inner in _outermost([inner for row in cells for cell in row for inner in cell.css("table")]):
            _add_table(inner, text, blocks, tables, depth + 1)


def _is_layout(cells: list[list[LexborNode]]) -> bool:
    """Whether a table's cells hold an article, not figures: headings, or much text around a table."""
    return any(
        cell.css_first("h1, h2, h3, article")
        or (cell.css_first("table") and len(_words_beside_tables(cell)) > _LONG_CELL)
        for row in cells
        for cell in row
    )


def _words_beside_tables(cell: LexborNode) -> str:
    """Words of a cell without those of tables in it, which follow as tables of their own."""
    if cell.css_first("table") is None:
        return _inline_text(cell)
    return " ".join(
        _inline_text(child) if child.tag == "-text" else _words_beside_tables(child)
        for child in cell.iter(include_text=True)
        if child.tag != "table"
    )


def _owner(row: LexborNode) -> int:
    parent = row.parent
    while parent is not None and (parent.tag or "").lower() != "table":
        parent = parent.parent
    return parent.mem_id if parent is not None else 0


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return min(int(value), 100) if value.isdecimal() and int(value) > 0 else 1
