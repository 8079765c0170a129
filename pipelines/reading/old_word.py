"""Old Word documents (.doc, Word 97 to 2003): paragraphs, tables with merged cells, footnotes, text boxes.

Read from the file's own structures as [MS-DOC] gives them: the piece table says where the text lies,
paragraph properties say what is a table, character properties say what is hidden, deleted or in an old
font. Automatic numbers of lists are not computed. Macros and objects are never followed.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.reading.content import Content, TableCell
from pipelines.reading.errors import ReadingError
from pipelines.reading.legacy_text import converted

_MAGIC = 0xA5EC
_ENCRYPTED, _TABLE_STREAM_1 = 0x0100, 0x0200
_FIRST_WORD_97 = 0x00C1
_PAGE = 512
# Offsets in the file information block.
_TEXT_LENGTHS = 0x4C
_CHARACTER_BINS, _PARAGRAPH_BINS, _FONTS, _CLX = 0xFA, 0x102, 0x112, 0x1A2
# Properties of interest.
_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_ROW_SHAPE, _HEADER_ROW, _HUGE = 0xD608, 0x3404, 0x6646
_VANISH, _DELETED, _FONT = 0x083C, 0x0800, 0x4A4F
_LENGTHS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_FIELD_BEGIN, _FIELD_MIDDLE, _FIELD_END = "\x13", "\x14", "\x15"
_SHOWN = {"\x0b": "\n", "\x1e": "-", "\x1f": "", "\xa0": " ", "\t": " ", "\x0e": " "}


@dataclass(slots=True)
class _Paragraph:
    """Properties of a paragraph."""

    in_table: bool = False
    row_end: bool = False
    depth: int = 0
    inner_cell: bool = False
    is_header: bool = False
    edges: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    """Properties of characters."""

    hidden: bool = False
    deleted: bool = False
    font: int | None = None


def read_doc(data: bytes, content: Content) -> None:
    """Fill `content` from an old Word document."""
    import olefile

    container = olefile.OleFileIO(data)
    main = container.openstream("WordDocument").read()
    if len(main) < _CLX + 8 or _u16(main, 0) != _MAGIC or _u16(main, 2) < _FIRST_WORD_97:
        raise ReadingError(
            "unsupported_format", f"{content.name}: a Word file from before 1997; save it as .docx."
        )
    flags = _u16(main, 0x0A)
    if flags & _ENCRYPTED:
        raise ReadingError(
            "password_protected", f"{content.name}: protected by a password; ask for it without one."
        )
    table = container.openstream("1Table" if flags & _TABLE_STREAM_1 else "0Table").read()
    extra = container.openstream("Data").read() if container.exists("Data") else b""
    _Reader(main, table, extra, content).read()


class _Reader:
    """The document's text with its properties, paragraph by paragraph."""

    def __init__(self, main: bytes, table: bytes, extra: bytes, content: Content) -> None:
        self.main, self.table, self.extra, self.content = main, table, extra, content
        self.letters: list[str] = []
        self.positions: list[int] = []
        self.pieces()
        self.paragraph_ends, self.paragraph_properties = self.bins(_PARAGRAPH_BINS, is_paragraph=True)
        self.run_ends, self.run_properties = self.bins(_CHARACTER_BINS, is_paragraph=False)
        self.fonts = self.font_names()
        self.hidden: list[str] = []
        self.decoded: dict[bytes, _Paragraph] = {}
        self.runs: dict[bytes, _Run] = {}

    def pieces(self) -> None:
        """Every character of the text with its place in the stream."""
        clx = self.block(_CLX)
        at = 0
        while at + 5 <= len(clx) and clx[at] == 1:
            at += 3 + _u16(clx, at + 1)
        if at + 5 > len(clx) or clx[at] != 2:
            raise ReadingError(
                "broken_file", f"{self.content.name}: its text cannot be located; ask for it again."
            )
        plc = clx[at + 5 : at + 5 + _u32(clx, at + 1)]
        count = (len(plc) - 4) // 12
        for number in range(count):
            start, end = _u32(plc, number * 4), _u32(plc, number * 4 + 4)
            place = _u32(plc, (count + 1) * 4 + number * 8 + 2)
            length = end - start
            if length <= 0 or len(self.letters) + length > self.content.limits.characters:
                if length <= 0:
                    continue
                raise ReadingError("limit_exceeded", f"{self.content.name}: too long; split the document.")
            if place & 0x40000000:
                at_byte, width = (place & 0x3FFFFFFF) // 2, 1
                text = self.main[at_byte : at_byte + length].decode("cp1252", errors="replace")
            else:
                at_byte, width = place & 0x3FFFFFFF, 2
                raw = self.main[at_byte : at_byte + 2 * length]
                text = "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])))
            self.letters += text
            self.positions += range(at_byte, at_byte + width * len(text), width)

    def block(self, offset: int) -> bytes:
        """A part of the table stream that the file information block names."""
        start, length = _u32(self.main, offset), _u32(self.main, offset + 4)
        return self.table[start : start + length]

    def bins(self, offset: int, *, is_paragraph: bool) -> tuple[list[int], list[bytes]]:
        """(ends, raw properties) of all runs in the order of the stream."""
        plc = self.block(offset)
        count = max(0, (len(plc) - 4) // 8)
        found: list[tuple[int, bytes]] = []
        for number in range(count):
            page_no = _u32(plc, (count + 1) * 4 + number * 4) & 0x3FFFFF
            page = self.main[page_no * _PAGE : (page_no + 1) * _PAGE]
            if len(page) < _PAGE:
                continue
            runs = page[-1]
            width = 13 if is_paragraph else 1
            if (runs + 1) * 4 + runs * width > _PAGE:
                continue
            for run in range(runs):
                end = _u32(page, (run + 1) * 4)
                start = page[(runs + 1) * 4 + run * width] * 2
                found.append((end, _properties(page, start, is_paragraph=is_paragraph) if start else b""))
        found.sort(key=lambda one: one[0])
        return [end for end, _ in found], [properties for _, properties in found]

    def font_names(self) -> list[str]:
        """Names of the fonts by number."""
        data = self.block(_FONTS)
        names: list[str] = []
        at = 4
        while at + 1 < len(data) and len(names) < 2000:
            length = data[at]
            entry = data[at + 1 : at + 1 + length]
            names.append(entry[39:].decode("utf-16-le", errors="replace").split("\x00")[0])
            at += 1 + length
        return names

    def read(self) -> None:
        """The main text, then footnotes, endnotes and text boxes; page heads and comments are not content."""
        lengths = [_u32(self.main, _TEXT_LENGTHS + 4 * number) for number in range(7)]
        text, footnotes, heads, macros, comments, endnotes, boxes = lengths
        start = 0
        for length, wanted in (
            (text, True), (footnotes, True), (heads, False), (macros, False), (comments, False),
            (endnotes, True), (boxes, True),
        ):  # fmt: skip
            end = min(start + length, len(self.letters))
            if wanted and end > start:
                self.part(start, end)
            start = end
        if self.hidden:
            self.content.leave_out_hidden("text formatted as hidden", " ".join(self.hidden))

    def part(self, start: int, end: int) -> None:
        """One part of the text: paragraphs, and tables by their cell and row ends."""
        rows: list[tuple[_Paragraph, list[str]]] = []
        texts: list[str] = []
        cell: list[str] = []
        inner: list[str] = []
        for words, terminator, properties in self.paragraphs(start, end):
            if not properties.in_table:
                self.add_rows(rows)
                rows, texts, cell = [], [], []
                for line in words.split("\n"):
                    self.content.add_line(line)
            elif properties.depth > 1:
                # A table inside a cell: its words stay with the cell's.
                inner.append(words)
            elif properties.row_end:
                rows.append((properties, texts))
                self.content.count_cells(len(texts))
                texts, cell = [], []
            elif terminator == "\x07":
                texts.append("\n".join([*cell, words, *inner]).strip())
                cell, inner = [], []
            elif words.strip():
                cell.append(words)
        self.add_rows(rows)

    def paragraphs(self, start: int, end: int) -> Iterator[tuple[str, str, _Paragraph]]:
        """(words, terminator, properties) of each paragraph."""
        pieces: list[str] = []
        waiting: list[str] = []
        font: str | None = None
        field_depth = 0
        in_code: list[bool] = []

        def settle() -> None:
            if waiting:
                pieces.append(converted("".join(waiting), font or ""))
                waiting.clear()

        for at in range(start, end):
            letter = self.letters[at]
            if letter in "\r\x07\x0c":
                settle()
                yield "".join(pieces), letter, self.paragraph_at(self.positions[at])
                pieces = []
                continue
            if letter == _FIELD_BEGIN:
                field_depth += 1
                in_code.append(True)
                continue
            if letter == _FIELD_MIDDLE and in_code:
                in_code[-1] = False
                continue
            if letter == _FIELD_END and in_code:
                in_code.pop()
                continue
            if any(in_code):
                continue
            run = self.run_at(self.positions[at])
            if run.deleted:
                continue
            if run.hidden:
                if len(self.hidden) < 2000:
                    self.hidden.append(letter)
                continue
            name = self.fonts[run.font] if run.font is not None and run.font < len(self.fonts) else ""
            if name != font:
                settle()
                font = name
            shown = _SHOWN.get(letter, letter)
            if shown >= " " or shown == "\n":
                waiting.append(shown)
        settle()
        if pieces:
            yield "".join(pieces), "\r", _Paragraph()

    def paragraph_at(self, position: int) -> _Paragraph:
        """Properties of the paragraph that ends at a place of the stream."""
        index = bisect_right(self.paragraph_ends, position)
        if index >= len(self.paragraph_properties):
            return _Paragraph()
        raw = self.paragraph_properties[index]
        known = self.decoded.get(raw)
        if known is None:
            known = self.decoded[raw] = self.paragraph_of(raw[2:])
        return known

    def paragraph_of(self, raw: bytes) -> _Paragraph:
        found = _Paragraph()
        for code, value in _single_properties(raw):
            if code == _HUGE and len(value) == 4:
                at = _u32(value, 0)
                if at + 2 <= len(self.extra):
                    return self.paragraph_of(self.extra[at + 2 : at + 2 + _u16(self.extra, at)])
            elif code == _IN_TABLE:
                found.in_table = value[:1] == b"\x01"
                found.depth = max(found.depth, 1)
            elif code in {_ROW_END, _INNER_ROW_END}:
                found.row_end = value[:1] == b"\x01"
            elif code == _DEPTH and len(value) == 4:
                found.depth = min(_u32(value, 0), 50)
                found.in_table = found.in_table or found.depth > 0
            elif code == _INNER_CELL:
                found.inner_cell = True
            elif code == _HEADER_ROW:
                found.is_header = value[:1] == b"\x01"
            elif code == _ROW_SHAPE and value:
                count = value[0]
                edges = value[1 : 1 + 2 * (count + 1)]
                found.edges = list(struct.unpack(f"<{len(edges) // 2}h", edges[: len(edges) // 2 * 2]))
                shapes = value[1 + 2 * (count + 1) :]
                found.flags = [_u16(shapes, 20 * n) if 20 * n + 2 <= len(shapes) else 0 for n in range(count)]
        return found

    def run_at(self, position: int) -> _Run:
        """Properties of the character at a place of the stream."""
        index = bisect_right(self.run_ends, position)
        if index >= len(self.run_properties):
            return _Run()
        raw = self.run_properties[index]
        known = self.runs.get(raw)
        if known is None:
            known = self.runs[raw] = _Run()
            for code, value in _single_properties(raw):
                if code == _VANISH:
                    known.hidden = value[:1] == b"\x01"
                elif code == _DELETED:
                    known.deleted = value[:1] == b"\x01"
                elif code == _FONT and len(value) == 2:
                    known.font = _u16(value, 0)
        return known

    def add_rows(self, rows: list[tuple[_Paragraph, list[str]]]) -> None:
        """A table's rows with their spans; columns are the distinct edges of all rows."""
        if not rows:
            return
        self.content.cell_count -= sum(len(texts) for _, texts in rows)
        edges = sorted({edge for shape, _ in rows for edge in shape.edges[1:]})
        columns: dict[int, int] = {}
        for number, edge in enumerate(edges):
            near = number and edge - edges[number - 1] <= 20
            columns[edge] = columns[edges[number - 1]] if near else len(set(columns.values())) + 1
        cells: list[TableCell] = []
        above: dict[int, TableCell] = {}
        for row_no, (shape, texts) in enumerate(rows, 1):
            column = 1
            left: TableCell | None = None
            for number, text in enumerate(texts):
                flags = shape.flags[number] if number < len(shape.flags) else 0
                last = (
                    columns.get(shape.edges[number + 1], column) if number + 1 < len(shape.edges) else column
                )
                span = max(1, last - column + 1)
                if flags & 0x2 and left is not None:
                    left.column_span += span
                elif flags & 0x20 and not flags & 0x40 and column in above:
                    above[column].row_span += 1
                    left = None
                else:
                    left = TableCell(row_no, column, text, column_span=span, is_header=shape.is_header)
                    cells.append(left)
                    if flags & 0x40:
                        above[column] = left
                    else:
                        above.pop(column, None)
                column += span
        self.content.add_table(cells)


def _properties(page: bytes, start: int, *, is_paragraph: bool) -> bytes:
    length = page[start]
    if not is_paragraph:
        return page[start + 1 : start + 1 + length]
    if length == 0:
        return page[start + 2 : start + 2 + 2 * page[start + 1]] if start + 1 < len(page) else b""
    return page[start + 1 : start + 2 * length]


def _single_properties(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(code, value) of each property of a group."""
    at = 0
    while at + 2 <= len(raw):
        code = _u16(raw, at)
        at += 2
        kind = code >> 13
        if code == _ROW_SHAPE:
            if at + 2 > len(raw):
                return
            length = max(0, _u16(raw, at) - 1)
            at += 2
        elif kind == 6:
            if at >= len(raw):
                return
            length = raw[at]
            at += 1
        else:
            length = _LENGTHS[kind]
        yield code, raw[at : at + length]
        at += length


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")
