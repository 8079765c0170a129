"""OpenDocument texts and sheets (.odt, .ods): the visible content, tracked changes accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.reading.content import Content, TableCell
from pipelines.reading.errors import ReadingError
from pipelines.reading.packaging import Package, check_depth
from pipelines.reading.sheet import Sheet, SheetCell, add_sheet, printed_number
from pipelines.reading.spreadsheet import column_name
from pipelines.reading.word_numbering import numeral

if TYPE_CHECKING:
    from pipelines.reading.packaging import Element

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
O = f"{{{_NAMESPACE}office:1.0}}"  # noqa: E741 -- the prefix that the format itself uses
T = f"{{{_NAMESPACE}text:1.0}}"
B = f"{{{_NAMESPACE}table:1.0}}"
Y = f"{{{_NAMESPACE}style:1.0}}"
F = "{" + _NAMESPACE + "xsl-fo-compatible:1.0}"
_SKIPPED = {
    f"{T}tracked-changes", f"{T}note-citation", f"{O}annotation", f"{T}bookmark", f"{T}sequence-decls",
    f"{O}forms", f"{T}table-of-content", f"{B}named-expressions",
}  # fmt: skip
_GROUPS = {f"{B}table-rows", f"{B}table-row-group", f"{B}table-header-rows"}
_MOST_REPEATS = 2000


def read_odt(data: bytes, content: Content) -> None:
    """Fill `content` from a text document."""
    package, root = _opened(data, content)
    body = root.find(f"{O}body/{O}text")
    if body is None:
        return
    styles = [root, package.xml("styles.xml")] if "styles.xml" in package else [root]
    _Text(content, styles).blocks(body)


def read_ods(data: bytes, content: Content) -> None:
    """Fill `content` from a workbook, sheet by sheet."""
    _, root = _opened(data, content)
    for table in root.iterfind(f"{O}body/{O}spreadsheet/{B}table"):
        _add_sheet(table, content)


def _opened(data: bytes, content: Content) -> tuple[Package, Element]:
    package = Package(data, content.name, content.limits)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise ReadingError(
            "password_protected", f"{content.name}: protected by a password; ask for it without one."
        )
    root = package.xml("content.xml")
    check_depth(root, content.name, content.limits.depth)
    return package, root


class _Text:
    """Walks a text and fills the content."""

    def __init__(self, content: Content, styled: list[Element]) -> None:
        self.content = content
        self.fonts: dict[str, str] = {}
        self.hidden_styles: set[str] = set()
        self.parents: dict[str, str] = {}
        self.lists: dict[str, list[tuple[str, str, str, int]]] = {}
        self.counts: dict[str, list[int]] = {}
        self.notes: list[Element] = []
        self.boxes: list[Element] = []
        self.inner: list[Element] = []
        faces = {
            face.get(f"{Y}name"): face.get(
                "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}font-family"
            )
            for root in styled
            for face in root.iter(f"{Y}font-face")
        }
        for root in styled:
            for style in root.iter(f"{Y}style"):
                name = style.get(f"{Y}name") or ""
                self.parents[name] = style.get(f"{Y}parent-style-name") or ""
                properties = style.find(f"{Y}text-properties")
                if properties is not None:
                    if properties.get(f"{T}display") == "none":
                        self.hidden_styles.add(name)
                    font = properties.get(f"{Y}font-name")
                    if font:
                        self.fonts[name] = (faces.get(font) or font).strip("'\"")
            for style in root.iter(f"{T}list-style"):
                self.lists[style.get(f"{Y}name") or ""] = [_list_level(level) for level in style]

    def font(self, style: str) -> str:
        """The font of a style, its own or its parents'."""
        for _ in range(8):
            if style in self.fonts:
                return self.fonts[style]
            style = self.parents.get(style, "")
        return ""

    def blocks(self, node: Element, lists: tuple[str, int] | None = None) -> None:
        """Blocks below a node, in order."""
        for child in node:
            if child.tag in {f"{T}p", f"{T}h"}:
                level = child.get(f"{T}outline-level") or "0"
                heading = int(level) if child.tag == f"{T}h" and level.isdigit() and len(level) < 3 else 0
                self.lines(self.paragraph(child), heading)
                self.after()
            elif child.tag == f"{T}list":
                self.items(child, lists)
            elif child.tag == f"{B}table":
                self.table(child)
            elif child.tag not in _SKIPPED and child.tag is not None:
                self.blocks(child, lists)

    def lines(self, text: str, heading: int = 0) -> None:
        """Lines of a paragraph; a heading keeps its level."""
        for line in text.split("\n"):
            self.content.add_line(line, heading=min(heading, 9))

    def after(self) -> None:
        """Footnotes and text boxes of the paragraph just read."""
        later, self.notes, self.boxes = [*self.boxes, *self.notes], [], []
        for node in later:
            self.blocks(node)

    def items(self, node: Element, outer: tuple[str, int] | None) -> None:
        """Items of a list with the markers they show."""
        style = node.get(f"{T}style-name") or (outer[0] if outer else "")
        depth = outer[1] + 1 if outer else 0
        key = node.get(f"{T}continue-list") or style
        if outer is None and not node.get(f"{T}continue-numbering") and key not in self.counts:
            self.counts[key] = [0] * 12
        for item in node:
            if item.tag not in {f"{T}list-item", f"{T}list-header"}:
                continue
            first = item.tag == f"{T}list-item"
            for child in item:
                if child.tag == f"{T}list":
                    self.items(child, (style, depth))
                elif child.tag in {f"{T}p", f"{T}h"}:
                    text = self.paragraph(child)
                    mark = self.mark(style, key, depth) if first and text.strip() else ""
                    first = False
                    self.lines(f"{mark} {text}" if mark else text)
                    self.after()
                else:
                    self.blocks(child, (style, depth))

    def mark(self, style: str, key: str, depth: int) -> str:
        """The marker of the next item."""
        levels = self.lists.get(style)
        if not levels or depth >= min(len(levels), 10):
            return "-"
        counts = self.counts.setdefault(key, [0] * 12)
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (11 - depth)
        prefix, number_format, suffix, shown = levels[depth]
        if not number_format:
            return "-"
        numbers = [
            numeral(counts[at] or 1, _FORMATS.get(levels[at][1], "decimal"))
            for at in range(max(0, depth - shown + 1), depth + 1)
        ]
        return f"{prefix}{'.'.join(numbers)}{suffix}"

    def paragraph(self, node: Element) -> str:
        """Words of a paragraph, lines broken where it breaks them."""
        pieces: list[str] = []
        style = node.get(f"{T}style-name") or ""
        self.words(node, pieces, self.font(style), hidden=style in self.hidden_styles)
        return "".join(pieces)

    def words(self, node: Element, pieces: list[str], font: str, *, hidden: bool) -> None:
        """Words below a node, hidden ones noted instead."""
        self.add(node.text, pieces, font, hidden=hidden)
        for child in node:
            tag = child.tag
            style = child.get(f"{T}style-name") or ""
            if tag == f"{T}s" or tag == f"{T}tab":
                pieces.append(" ")
            elif tag == f"{T}line-break":
                pieces.append("\n")
            elif tag == f"{T}note":
                self.notes += list(child.iterfind(f"{T}note-body"))
            elif tag == f"{{{_NAMESPACE}drawing:1.0}}text-box":
                self.boxes.append(child)
            elif tag in {f"{T}hidden-text", f"{T}hidden-paragraph"}:
                self.add(child.get(f"{T}string-value") or "", pieces, font, hidden=True)
            elif tag == f"{B}table":
                self.inner.append(child)
            elif tag not in _SKIPPED:
                self.words(
                    child, pieces, self.font(style) or font, hidden=hidden or style in self.hidden_styles
                )
            self.add(child.tail, pieces, font, hidden=hidden)

    def add(self, text: str | None, pieces: list[str], font: str, *, hidden: bool) -> None:
        """One run of words; the format folds white space."""
        if not text:
            return
        from pipelines.reading.legacy_text import converted

        if hidden:
            if text.strip():
                self.content.leave_out_hidden("text formatted as hidden", text)
            return
        pieces.append(converted(text.replace("\n", " "), font))

    def table(self, node: Element) -> None:
        """A table by rows and columns; tables inside its cells follow it."""
        cells: list[TableCell] = []
        for row_no, (row, is_header) in enumerate(_rows(node), 1):
            column = 0
            if row.get(f"{B}visibility") in {"collapse", "filter"}:
                words = " | ".join(self.cell(cell) for cell in row if cell.tag == f"{B}table-cell")
                if words.strip(" |"):
                    self.content.leave_out_hidden(f"row {row_no} of a table", words)
                continue
            for cell in row:
                repeats = _number(cell, "number-columns-repeated", 200)
                if cell.tag == f"{B}covered-table-cell":
                    column += repeats
                    continue
                if cell.tag != f"{B}table-cell":
                    continue
                text = self.cell(cell)
                for _ in range(repeats):
                    column += 1
                    cells.append(
                        TableCell(
                            row_no,
                            column,
                            text,
                            column_span=_number(cell, "number-columns-spanned", 200),
                            row_span=_number(cell, "number-rows-spanned", _MOST_REPEATS),
                            is_header=is_header,
                        )
                    )
        self.content.add_table(cells)
        self.after()
        inner, self.inner = self.inner, []
        for table in inner:
            self.table(table)

    def cell(self, node: Element) -> str:
        """Words of a cell, one paragraph a line."""
        lines: list[str] = []
        for child in node:
            if child.tag in {f"{T}p", f"{T}h"}:
                lines.append(self.paragraph(child))
            elif child.tag == f"{B}table":
                self.inner.append(child)
            elif child.tag == f"{T}list":
                lines += [self.cell(item) for item in child]
            elif child.tag not in _SKIPPED:
                lines.append(self.cell(child))
        return "\n".join(line for line in lines if line.strip())


_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def _list_level(node: Element) -> tuple[str, str, str, int]:
    shown = node.get(f"{T}display-levels") or "1"
    return (
        node.get(f"{Y}num-prefix") or "",
        (node.get(f"{Y}num-format") or "") if node.tag.endswith("number") else "",
        node.get(f"{Y}num-suffix") or "",
        int(shown) if shown.isdigit() and len(shown) < 3 else 1,
    )


def _rows(node: Element, *, is_header: bool = False) -> list[tuple[Element, bool]]:
    rows: list[tuple[Element, bool]] = []
    for child in node:
        if child.tag == f"{B}table-row":
            repeats = _number(child, "number-rows-repeated", _MOST_REPEATS)
            # A sheet ends with a million empty rows in one element.
            if repeats > 1 and not any(cell.text or len(cell) for cell in child):
                repeats = min(repeats, 3)
            rows += [(child, is_header)] * repeats
        elif child.tag in _GROUPS:
            rows += _rows(child, is_header=is_header or child.tag == f"{B}table-header-rows")
    return rows


def _number(node: Element, name: str, most: int) -> int:
    text = node.get(f"{B}{name}") or "1"
    return max(1, min(int(text), most)) if text.isdigit() and len(text) < 9 else 1


def _add_sheet(node: Element, content: Content) -> None:
    title = node.get(f"{B}name") or ""
    hidden_columns = _hidden_columns(node)
    sheet = Sheet(title)
    hidden_words: dict[int, list[str]] = {}
    all_words: list[str] = []
    is_hidden = _is_hidden_table(node)
    for row_no, (row, _) in enumerate(_rows(node), 1):
        column = 0
        hidden = row.get(f"{B}visibility") in {"collapse", "filter"}
        words: list[str] = []
        for cell in row:
            repeats = _number(cell, "number-columns-repeated", 16_384)
            if cell.tag == f"{B}covered-table-cell":
                column += repeats
                continue
            if cell.tag != f"{B}table-cell":
                continue
            text = _cell_text(cell)
            if text is None:
                if not (hidden or is_hidden):
                    where = f"{title}!{column_name(column + 1)}{row_no}"
                    content.leave_out(
                        "formula_without_value",
                        f"{content.name}: the formula in {where} has no stored value; open the file, save it, and send it again.",
                        f"{where}: {cell.get(f'{B}formula')}",
                    )
                text = ""
            if not text.strip():
                column += repeats
                continue
            content.count_cells(min(repeats, 200))
            for _ in range(min(repeats, 200)):
                column += 1
                all_words.append(text)
                if hidden:
                    words.append(text)
                elif column in hidden_columns:
                    hidden_words.setdefault(column, []).append(text)
                else:
                    shift = sum(one < column for one in hidden_columns)
                    span = _number(cell, "number-columns-spanned", 200)
                    span -= sum(column < one < column + span for one in hidden_columns)
                    sheet.cells[row_no, column - shift] = SheetCell(
                        text, max(1, span), _number(cell, "number-rows-spanned", _MOST_REPEATS)
                    )
        if words and not is_hidden:
            content.leave_out_hidden(f"row {row_no} of the sheet {title!r}", " | ".join(words))
    content.cell_count -= len(sheet.cells)
    if is_hidden:
        if all_words:
            content.leave_out_hidden(f"the sheet {title!r}", " | ".join(all_words[:40]))
        return
    for column, found in sorted(hidden_words.items()):
        content.leave_out_hidden(f"column {column_name(column)} of the sheet {title!r}", " | ".join(found))
    add_sheet(sheet, content)


def _is_hidden_table(node: Element) -> bool:
    root = node.getroottree().getroot()
    name = node.get(f"{B}style-name")
    for style in root.iter(f"{Y}style"):
        if style.get(f"{Y}name") == name and style.get(f"{Y}family") == "table":
            properties = style.find(f"{Y}table-properties")
            return properties is not None and properties.get(f"{B}display") == "false"
    return False


def _hidden_columns(node: Element) -> set[int]:
    hidden: set[int] = set()
    column = 0
    for child in node.iter(f"{B}table-column"):
        repeats = _number(child, "number-columns-repeated", 16_384)
        if child.get(f"{B}visibility") in {"collapse", "filter"}:
            hidden.update(range(column + 1, column + min(repeats, 500) + 1))
        column += repeats
    return hidden


def _cell_text(cell: Element) -> str | None:
    """A cell as printed; None for a formula whose value was not stored."""
    kind = cell.get(f"{O}value-type")
    value = cell.get(f"{O}value")
    shown = "\n".join("".join(node.itertext()) for node in cell.iterfind(f"{T}p"))
    if kind in {"percentage", "float"} and value is not None:
        try:
            number = float(value)
        except ValueError:
            return shown
        if kind == "percentage":
            return printed_number(number, "0%")
        unit = shown.strip().lstrip("-0123456789.,\u00a0 ")
        return printed_number(number) + unit if unit.strip() == "%" else printed_number(number)
    if kind == "date":
        day = (cell.get(f"{O}date-value") or "")[:10].split("-")
        return "/".join(reversed(day)) if len(day) == 3 else shown
    if kind == "boolean":
        return "Có" if cell.get(f"{O}boolean-value") == "true" else "Không"
    if not shown.strip() and kind is None and cell.get(f"{B}formula"):
        return None
    return shown
