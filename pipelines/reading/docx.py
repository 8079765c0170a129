"""Word documents (.docx, .docm): paragraphs, lists, tables, footnotes and text boxes, as a reader sees them.

Tracked changes count as accepted. Hidden text is left out and said so. Macros, links and embedded
objects are never followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.reading.content import Content, TableCell
from pipelines.reading.packaging import Package, check_depth
from pipelines.reading.word_numbering import Numbering, W, read_numbering

if TYPE_CHECKING:
    from pipelines.reading.packaging import Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = {f"{W}del", f"{W}moveFrom", f"{W}delText", f"{W}instrText", f"{W}rPr", f"{W}pPr", f"{_MC}Fallback"}
_BREAKS = {f"{W}br", f"{W}cr"}
_OFF = {"0", "false", "off", "none"}
_DEEPEST_TABLE = 20


def read_docx(data: bytes, content: Content) -> None:
    """Fill `content` from a .docx file."""
    package = Package(data, content.name, content.limits)
    root = package.xml("word/document.xml")
    check_depth(root, content.name, content.limits.depth)
    body = root.find(f"{W}body")
    if body is None:
        return
    numbering = read_numbering(package.xml("word/numbering.xml") if "word/numbering.xml" in package else None)
    styles = _styles(package.xml("word/styles.xml")) if "word/styles.xml" in package else {}
    reader = _Reader(content, numbering, styles)
    reader.blocks(body)
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        if part in package:
            notes = package.xml(part)
            check_depth(notes, content.name, content.limits.depth)
            for note in notes:
                if note.get(f"{W}type") in {None, "normal"}:
                    reader.blocks(note)


class _Style:
    """What a paragraph style says: outline level, list, font."""

    def __init__(self, level: int, list_id: str, depth: int, font: str) -> None:
        self.level, self.list_id, self.depth, self.font = level, list_id, depth, font


def _styles(root: Element) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for node in root.findall(f"{W}style"):
        level = _value(node.find(f"{W}pPr/{W}outlineLvl"))
        styles[node.get(f"{W}styleId") or ""] = _Style(
            int(level) + 1 if level and level.isdigit() and int(level) < 9 else 0,
            _value(node.find(f"{W}pPr/{W}numPr/{W}numId")),
            _digit(_value(node.find(f"{W}pPr/{W}numPr/{W}ilvl"))),
            _font(node.find(f"{W}rPr")),
        )
    return styles


class _Reader:
    """Walks a part of the document and fills the content."""

    def __init__(self, content: Content, numbering: Numbering, styles: dict[str, _Style]) -> None:
        self.content, self.numbering, self.styles = content, numbering, styles
        self.hidden: list[str] = []
        self.boxes: list[Element] = []

    def blocks(self, node: Element, depth: int = 0) -> None:
        """Blocks below a node in order; text boxes follow the paragraph that anchors them."""
        for child in node:
            if child.tag == f"{W}p":
                heading, font, text = self.paragraph(child)
                for line in text.split("\n"):
                    self.content.add_line(line, heading=heading, font=font)
                self.after()
            elif child.tag == f"{W}tbl":
                self.table(child, depth)
            elif child.tag not in _GONE:
                self.blocks(child, depth)

    def after(self) -> None:
        """What a paragraph leaves behind: text boxes, and hidden words."""
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.blocks(box)
        if self.hidden:
            self.content.leave_out_hidden("text formatted as hidden", " ".join(self.hidden))
            self.hidden = []

    def paragraph(self, node: Element) -> tuple[int, str, str]:
        """(heading level, font, words with the automatic marker) of a paragraph."""
        properties = node.find(f"{W}pPr")
        style = self.styles.get(_value(properties.find(f"{W}pStyle")) if properties is not None else "")
        runs: list[tuple[str, str]] = []
        self.runs(node, runs, style.font if style else "")
        text = "".join(words for words, _ in runs)
        fonts = [font for words, font in runs if words.strip()]
        font = fonts[0] if fonts and all(one == fonts[0] for one in fonts) else ""
        if len(set(fonts)) > 1 and any(one.lower().startswith((".vn", "vni-")) for one in fonts):
            from pipelines.reading.legacy_text import converted

            text = "".join(converted(words, font) for words, font in runs)
            font = ""
        mark = self.mark(properties, style) if text.strip() else ""
        heading = style.level if style else 0
        level = _value(properties.find(f"{W}outlineLvl")) if properties is not None else ""
        if level.isdigit() and int(level) < 9:
            heading = int(level) + 1
        return heading, font, f"{mark} {text}" if mark else text

    def mark(self, properties: Element | None, style: _Style | None) -> str:
        list_id = style.list_id if style else ""
        depth = style.depth if style else 0
        if properties is not None:
            own = properties.find(f"{W}numPr")
            if own is not None:
                list_id = _value(own.find(f"{W}numId")) or list_id
                depth = _digit(_value(own.find(f"{W}ilvl")))
        return self.numbering.marker(list_id, depth) if list_id and list_id != "0" else ""

    def runs(self, node: Element, runs: list[tuple[str, str]], font: str) -> None:
        """Words below a node run by run, with their fonts."""
        for child in node:
            tag = child.tag
            if tag == f"{W}r":
                own = child.find(f"{W}rPr")
                if own is not None and _is_on(own.find(f"{W}vanish")):
                    words = "".join(text.text or "" for text in child.iter(f"{W}t"))
                    if words.strip():
                        self.hidden.append(words)
                    continue
                self.runs(child, runs, _font(own) or font)
            elif tag == f"{W}t":
                runs.append((child.text or "", font))
            elif tag == f"{W}tab":
                runs.append((" ", font))
            elif tag in _BREAKS:
                runs.append(("\n" if child.get(f"{W}type") in {None, "textWrapping"} else " ", font))
            elif tag == f"{W}noBreakHyphen":
                runs.append(("-", font))
            elif tag == f"{W}sym":
                runs.append(("", font))
            elif tag == f"{W}txbxContent":
                self.boxes.append(child)
            elif tag not in _GONE:
                self.runs(child, runs, font)

    def table(self, node: Element, depth: int) -> None:
        """A table by rows and columns; tables inside its cells follow it."""
        cells: list[TableCell] = []
        above: dict[int, TableCell] = {}
        inner: list[Element] = []
        row_no = 0
        for row in _rows(node):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            row_no += 1
            hidden = properties is not None and _is_on(properties.find(f"{W}hidden"))
            is_header = properties is not None and _is_on(properties.find(f"{W}tblHeader"))
            column = 1 + _digit(_value(properties.find(f"{W}gridBefore")) if properties is not None else "")
            shown: list[str] = []
            for cell in _cells(row):
                own = cell.find(f"{W}tcPr")
                span = max(1, _digit(_value(own.find(f"{W}gridSpan")) if own is not None else "", 200))
                merge = own.find(f"{W}vMerge") if own is not None else None
                if merge is not None and merge.get(f"{W}val") != "restart" and column in above:
                    above[column].row_span += 1
                    column += span
                    continue
                text = self.cell(cell, inner)
                shown.append(text)
                made = TableCell(row_no, column, text, column_span=span, is_header=is_header)
                if not hidden:
                    cells.append(made)
                if merge is not None:
                    above[column] = made
                else:
                    above.pop(column, None)
                column += span
            if hidden and any(shown):
                self.content.leave_out_hidden(f"row {row_no} of a table", " | ".join(shown))
        self.content.add_table(cells)
        self.after()
        if depth < _DEEPEST_TABLE:
            for table in inner:
                self.table(table, depth + 1)

    def cell(self, node: Element, inner: list[Element]) -> str:
        """Words of a cell, one paragraph a line; tables in it are added to `inner`."""
        lines: list[str] = []
        for child in node:
            if child.tag == f"{W}p":
                _, font, text = self.paragraph(child)
                if font:
                    from pipelines.reading.legacy_text import converted

                    text = converted(text, font)
                if text.strip():
                    lines.append(text)
            elif child.tag == f"{W}tbl":
                inner.append(child)
            elif child.tag not in _GONE and child.tag != f"{W}tcPr":
                words = self.cell(child, inner)
                if words:
                    lines.append(words)
        return "\n".join(lines)


def _rows(node: Element) -> list[Element]:
    """Rows of a table, also those inside content controls and accepted insertions."""
    rows: list[Element] = []
    for child in node:
        if child.tag == f"{W}tr":
            rows.append(child)
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            rows += _rows(child)
    return rows


def _cells(node: Element) -> list[Element]:
    cells: list[Element] = []
    for child in node:
        if child.tag == f"{W}tc":
            cells.append(child)
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            cells += _cells(child)
    return cells


def _value(node: Element | None) -> str:
    return (node.get(f"{W}val") or "") if node is not None else ""


def _digit(text: str, most: int = 60) -> int:
    return min(int(text), most) if text.isdigit() and len(text) < 6 else 0


def _is_on(node: Element | None) -> bool:
    return node is not None and (node.get(f"{W}val") or "1") not in _OFF


def _font(properties: Element | None) -> str:
    fonts = properties.find(f"{W}rFonts") if properties is not None else None
    return (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "") if fonts is not None else ""
