"""Excel workbooks (.xlsx, .xlsm): visible cells as printed, with merged headings and cached formula values.

Read from the XML parts in one pass: that gives value, formula, number format, merges and what is hidden
together, and no formula, macro, link or embedded object is ever followed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.reading.content import Content
from pipelines.reading.packaging import Package, check_depth
from pipelines.reading.sheet import Sheet, SheetCell, add_sheet, printed_number

if TYPE_CHECKING:
    from pipelines.reading.packaging import Element

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")
# Number formats that a workbook may use without declaring them.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "dd/mm/yyyy",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "dd/mm/yyyy hh:mm", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00",
}  # fmt: skip
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def read_xlsx(data: bytes, content: Content) -> None:
    """Fill `content` from a workbook, sheet by sheet."""
    package = Package(data, content.name, content.limits)
    workbook = package.xml("xl/workbook.xml")
    targets = _targets(package)
    strings = _shared_strings(package)
    formats = _formats(package)
    properties = workbook.find(f"{S}workbookPr")
    is_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    for number, node in enumerate(workbook.iterfind(f"{S}sheets/{S}sheet"), 1):
        title = node.get("name") or f"{number}"
        part = targets.get(node.get(f"{_R}id") or "", f"xl/worksheets/sheet{number}.xml")
        if part not in package:
            continue
        root = package.xml(part)
        if not root.tag.endswith("}worksheet"):
            continue
        check_depth(root, content.name, content.limits.depth)
        if node.get("state") in {"hidden", "veryHidden"}:
            words = [cell.text for cell in _read(root, title, content, strings, formats, is_1904=is_1904, quiet=True).cells.values() if cell.text]  # fmt: skip
            if words:
                content.leave_out_hidden(f"the sheet {title!r}", " | ".join(words[:40]))
            continue
        add_sheet(_read(root, title, content, strings, formats, is_1904=is_1904), content)


def _targets(package: Package) -> dict[str, str]:
    """Relation id to part name."""
    part = "xl/_rels/workbook.xml.rels"
    if part not in package:
        return {}
    targets = {}
    for node in package.xml(part).iter(_RELATION):
        target = node.get("Target") or ""
        if node.get("TargetMode") != "External":
            targets[node.get("Id") or ""] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return targets


def _shared_strings(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package:
        return []
    return [_words(node) for node in package.xml("xl/sharedStrings.xml").iterfind(f"{S}si")]


def _words(node: Element) -> str:
    """Words of a rich text, without the reading aids of East Asian scripts."""
    pieces = []
    for child in node:
        if child.tag == f"{S}t":
            pieces.append(child.text or "")
        elif child.tag == f"{S}r":
            pieces.append("".join(text.text or "" for text in child.iterfind(f"{S}t")))
    return "".join(pieces)


def _formats(package: Package) -> list[str]:
    """The number format of each cell style."""
    if "xl/styles.xml" not in package:
        return []
    root = package.xml("xl/styles.xml")
    declared = {
        node.get("numFmtId"): node.get("formatCode") or "General"
        for node in root.iterfind(f"{S}numFmts/{S}numFmt")
    }
    formats = []
    for node in root.iterfind(f"{S}cellXfs/{S}xf"):
        number = node.get("numFmtId") or "0"
        formats.append(
            declared.get(number) or _BUILT_IN.get(int(number) if number.isdigit() else 0, "General")
        )
    return formats


def _read(
    root: Element,
    title: str,
    content: Content,
    strings: list[str],
    formats: list[str],
    *,
    is_1904: bool,
    quiet: bool = False,
) -> Sheet:
    sheet = Sheet(title)
    hidden_columns: set[int] = set()
    for node in root.iterfind(f"{S}cols/{S}col"):
        if node.get("hidden") in {"1", "true"}:
            first, last = _digits(node.get("min")), _digits(node.get("max"))
            hidden_columns.update(range(first, min(last, _LAST_COLUMN) + 1))
    hidden_words: dict[int, list[str]] = {}
    row_no = 0
    for row in root.iterfind(f"{S}sheetData/{S}row"):
        row_no = _digits(row.get("r")) or row_no + 1
        hidden = row.get("hidden") in {"1", "true"}
        words: list[str] = []
        column_no = 0
        for cell in row.iterfind(f"{S}c"):
            address = _position(cell.get("r") or "")
            column_no = address[1] if address else column_no + 1
            content.count_cells(1)
            text = _text(cell, strings, formats, is_1904=is_1904)
            if text is None:
                if not (hidden or quiet):
                    where = f"{title}!{cell.get('r') or f'R{row_no}C{column_no}'}"
                    formula = cell.findtext(f"{S}f") or ""
                    content.leave_out(
                        "formula_without_value",
                        f"{content.name}: the formula in {where} has no stored value; open the file, save it, and send it again.",
                        f"{where}: ={formula}",
                    )
                continue
            if not text.strip():
                continue
            if hidden:
                words.append(text)
            elif column_no in hidden_columns:
                hidden_words.setdefault(column_no, []).append(text)
            elif row_no <= _LAST_ROW and column_no <= _LAST_COLUMN:
                sheet.cells[row_no, column_no] = SheetCell(text)
        if words and not quiet:
            content.leave_out_hidden(f"row {row_no} of the sheet {title!r}", " | ".join(words))
    content.cell_count -= len(sheet.cells)
    if not quiet:
        for column, words in sorted(hidden_words.items()):
            content.leave_out_hidden(
                f"column {column_name(column)} of the sheet {title!r}", " | ".join(words)
            )
    for node in root.iterfind(f"{S}mergeCells/{S}mergeCell"):
        start, _, end = (node.get("ref") or "").partition(":")
        upper, lower = _position(start), _position(end or start)
        if upper and lower and upper in sheet.cells:
            merged = sheet.cells[upper]
            merged.row_span = max(1, lower[0] - upper[0] + 1)
            hidden_inside = sum(upper[1] < column <= lower[1] for column in hidden_columns)
            merged.column_span = max(1, lower[1] - upper[1] + 1 - hidden_inside)
    return _without_columns(sheet, hidden_columns) if hidden_columns else sheet


def _without_columns(sheet: Sheet, hidden: set[int]) -> Sheet:
    """The sheet as it looks: what stands right of a hidden column moves left."""
    order = sorted(hidden)
    from bisect import bisect_left

    return Sheet(
        sheet.title,
        {(row, column - bisect_left(order, column)): cell for (row, column), cell in sheet.cells.items()},
    )


def _text(cell: Element, strings: list[str], formats: list[str], *, is_1904: bool) -> str | None:
    """A cell as printed; None for a formula whose value was not stored."""
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        node = cell.find(f"{S}is")
        return _words(node) if node is not None else ""
    value: str | None = cell.findtext(f"{S}v")
    if value is None or value == "":
        return None if cell.find(f"{S}f") is not None and kind != "str" else ""
    if kind == "s":
        index = int(value) if value.isdigit() else -1
        return strings[index] if 0 <= index < len(strings) else ""
    if kind == "b":
        return "Có" if value == "1" else "Không"
    if kind in {"str", "d", "e"}:
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    style = cell.get("s") or ""
    code = formats[int(style)] if style.isdigit() and int(style) < len(formats) else "General"
    return printed_number(number, code, is_1904=is_1904)


def _digits(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else 0


def _position(reference: str) -> tuple[int, int] | None:
    """(row, column) of a reference such as B12."""
    found = _REFERENCE.match(reference)
    if not found:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)), column


def column_name(column: int) -> str:
    """Letters of a column.

    >>> column_name(1), column_name(28)
    ('A', 'AB')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
