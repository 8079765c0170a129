"""Rich text (.rtf, and .doc files that are rich text): paragraphs, lists, tables, footnotes.

Hidden text is left out and said so, deleted text is gone, objects and pictures are skipped.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from pipelines.reading.content import Content, TableCell
from pipelines.reading.errors import ReadingError
from pipelines.reading.legacy_text import converted

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([\r\n]+)|([^\\{}\r\n]+)|\\\Z",
    re.DOTALL,
)
_CODE_PAGES = {
    0: "cp1252", 77: "mac-roman", 128: "cp932", 134: "gbk", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_SKIPPED = {
    "colortbl", "stylesheet", "info", "pict", "object", "objdata", "header", "headerl", "headerr", "headerf",
    "footer", "footerl", "footerr", "footerf", "listtable", "listoverridetable", "generator", "themedata",
    "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "rsidtbl", "revtbl", "fldinst", "nonesttables",
    "bkmkstart", "bkmkend", "filetbl", "annotation", "atnid", "atnauthor", "sp", "mmathPr", "pgdsctbl", "upr",
}  # fmt: skip
_KEPT_STARRED = {"shpinst", "shptxt", "nesttableprops", "footnote"}
_LETTERS = {
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "tab": " ", "cell": "", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip


@dataclass(slots=True)
class _State:
    """What holds inside a group."""

    font: int = 0
    skip: bool = False
    hidden: bool = False
    deleted: bool = False
    unicode_skip: int = 1
    target: str = ""


@dataclass(slots=True)
class _RowShape:
    """A row's cells as its definition gives them: right edges and merges."""

    edges: list[int] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    is_header: bool = False
    pending: str = ""


@dataclass(slots=True)
class _Table:
    """Rows of a table that is being read; `cell` are the paragraphs of the cell at hand."""

    rows: list[tuple[_RowShape, list[str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    shape: _RowShape = field(default_factory=_RowShape)


def read_rtf(data: bytes, content: Content) -> None:
    """Fill `content` from rich text."""
    _Reader(data, content).read()


class _Reader:
    """One pass over the tokens."""

    def __init__(self, data: bytes, content: Content) -> None:
        self.data, self.content = data, content
        self.state = _State()
        self.stack: list[_State] = []
        self.fonts: dict[int, str] = {}
        self.code_pages: dict[int, str] = {}
        self.code_page = "cp1252"
        self.pieces: list[str] = []
        self.waiting = b""
        self.skip_bytes = 0
        self.in_table = False
        self.depth = 0
        self.tables: list[_Table] = []
        self.finished: list[_Table] = []
        self.notes: list[str] = []
        self.hidden: list[str] = []
        self.starred = False
        self.marker = ""
        self.saved: list[list[str]] = []

    def read(self) -> None:
        """Read all tokens; an unfinished paragraph or table at the end still counts."""
        for found in _TOKEN.finditer(self.data):
            word, number, byte, sign, brace, _, text = found.groups()
            if byte is not None:
                self.byte(bytes([int(byte, 16)]))
            elif text is not None:
                self.plain(text)
            elif brace == b"{":
                self.flush()
                self.stack.append(replace(self.state))
                if len(self.stack) > 20 * self.content.limits.depth:
                    raise ReadingError("limit_exceeded", f"{self.content.name}: groups nested too deeply.")
            elif brace == b"}":
                self.flush()
                self.close()
            elif word is not None:
                if word == b"bin" and number:
                    raise ReadingError(
                        "unsafe_content", f"{self.content.name}: holds raw binary data; save it as .docx."
                    )
                self.control(word.decode("ascii"), int(number) if number else None)
            elif sign is not None:
                self.symbol(sign)
        self.flush()
        self.paragraph()
        self.end_tables(0)

    def close(self) -> None:
        """The end of a group: a footnote's words, a marker's words, a font's name."""
        ended, self.state = self.state, self.stack.pop() if self.stack else _State()
        if ended.target == self.state.target:
            return
        if ended.target == "font":
            name = "".join(self.pieces).split(";")[0].strip()
            self.fonts.setdefault(ended.font, name)
            self.pieces = []
        elif ended.target == "listtext":
            mark = "".join(self.pieces).strip()
            self.marker = mark if re.search(r"\w", mark) else "-"
            self.pieces = []
        elif ended.target == "footnote":
            self.notes.append("".join(self.pieces))
            self.pieces = []
        if ended.target in {"font", "listtext", "footnote"} and self.saved:
            self.pieces = self.saved.pop()

    def begin(self, target: str) -> None:
        """Words from here to the end of the group are of their own."""
        self.state.target = target
        self.saved.append(self.pieces)
        self.pieces = []

    def byte(self, value: bytes) -> None:
        """A byte of the font's code page."""
        if self.skip_bytes:
            self.skip_bytes -= 1
        elif not self.state.skip:
            self.waiting += value

    def plain(self, text: bytes) -> None:
        """Words; after a Unicode letter its stand-in is dropped."""
        if self.skip_bytes:
            dropped = min(self.skip_bytes, len(text))
            self.skip_bytes -= dropped
            text = text[dropped:]
        if self.state.skip or not text:
            return
        if self.state.target == "font" and text == b";":
            return
        self.waiting += text

    def flush(self) -> None:
        """Bytes waiting become letters of the font at hand."""
        if not self.waiting:
            return
        data, self.waiting = self.waiting, b""
        encoding = self.code_pages.get(self.state.font, self.code_page)
        try:
            codecs.lookup(encoding)
        except LookupError:
            encoding = "cp1252"
        self.put(data.decode(encoding, errors="replace"))

    def put(self, text: str) -> None:
        """Letters into the paragraph, unless they are hidden or deleted."""
        if self.state.skip or self.state.deleted:
            return
        if self.state.target != "font":
            text = converted(text, self.fonts.get(self.state.font, ""))
        if self.state.hidden:
            if text.strip():
                self.hidden.append(text)
            return
        self.pieces.append(text)

    def symbol(self, sign: bytes) -> None:
        r"""\~ \_ \- \* and escaped letters."""
        if sign == b"*":
            self.starred = True
            return
        self.flush()
        letter = {b"~": " ", b"_": "-", b"-": "", b"\r": "\n", b"\n": "\n", b":": ""}.get(sign)
        self.put(sign.decode("latin-1") if letter is None else letter)

    def control(self, word: str, number: int | None) -> None:
        """One control word."""
        starred, self.starred = self.starred, False
        if word == "u" and number is not None:
            self.flush()
            self.put(chr(number % 65536) if not 0xD800 <= number % 65536 < 0xE000 else "\ufffd")
            self.skip_bytes = self.state.unicode_skip
            return
        self.flush()
        self.skip_bytes = 0
        if word == "fonttbl":
            self.state.target = "fonts"
        elif self.state.target in {"fonts", "font"} and word == "f":
            self.begin("font")
            self.state.font = number or 0
        elif self.state.target == "font" and word == "fcharset":
            self.code_pages[self.state.font] = _CODE_PAGES.get(number or 0, "cp1252")
        elif word in {"listtext", "pntext"}:
            if not self.state.skip:
                self.begin("listtext")
        elif word == "footnote":
            if not self.state.skip:
                self.begin("footnote")
        elif word in _SKIPPED or (starred and word not in _KEPT_STARRED):
            self.state.skip = True
        elif word == "shptxt":
            self.begin("footnote")
            self.state.skip = False
        elif word == "ansicpg" and number:
            self.code_page = f"cp{number}" if number != 65001 else "utf-8"
        elif word == "uc":
            self.state.unicode_skip = max(0, min(number or 0, 16)) if number is not None else 1
        elif word == "f":
            self.state.font = number or 0
        elif word == "plain":
            self.state.font, self.state.hidden, self.state.deleted = 0, False, False
        elif word == "v":
            self.state.hidden = number != 0
        elif word == "deleted":
            self.state.deleted = number != 0
        elif word in _LETTERS and word != "cell":
            self.put(_LETTERS[word])
        elif word in {"line", "lbr"}:
            self.put("\n")
        elif not self.state.skip:
            self.layout(word, number)

    def layout(self, word: str, number: int | None) -> None:
        """Paragraphs and tables."""
        if word == "pard":
            self.in_table, self.depth = False, 0
        elif word == "intbl":
            self.in_table = True
            self.depth = max(self.depth, 1)
        elif word == "itap":
            self.depth = max(0, min(number or 0, 20))
            self.in_table = self.depth > 0
        elif word in {"par", "sect", "page"}:
            if self.state.target == "footnote":
                self.put("\n")
            else:
                self.paragraph()
        elif word in {"cell", "nestcell"}:
            level = 1 if word == "cell" else max(self.depth, 2)
            self.cell(level)
        elif word == "trowd":
            level = max(self.depth, 1) if self.state.target != "footnote" else 1
            self.table(max(level, 1)).shape = _RowShape()
        elif word == "trhdr" and self.tables:
            self.tables[-1].shape.is_header = True
        elif word in {"clvmgf", "clvmrg", "clmgf", "clmrg"} and self.tables:
            self.tables[-1].shape.pending += f" {word}"
        elif word == "cellx" and self.tables:
            shape = self.tables[-1].shape
            shape.edges.append(number or 0)
            shape.merges.append(shape.pending)
            shape.pending = ""
            self.content.count_cells(1)
        elif word == "row":
            self.row(1)
        elif word == "nestrow":
            self.row(max(self.depth, 2))

    def table(self, level: int) -> _Table:
        """The table at a depth; deeper ones have ended."""
        self.end_tables(level)
        while len(self.tables) < level:
            self.tables.append(_Table())
        return self.tables[level - 1]

    def words(self) -> str:
        """The paragraph at hand with its marker."""
        text, self.pieces = "".join(self.pieces), []
        mark, self.marker = self.marker, ""
        return f"{mark} {text}" if mark and text.strip() else text

    def paragraph(self) -> None:
        """The end of a paragraph: a line of the cell at hand, or a block."""
        if self.in_table and self.depth:
            text = self.words()
            if text.strip():
                self.table(self.depth).cell.append(text)
            return
        self.end_tables(0)
        for line in self.words().split("\n"):
            self.content.add_line(line)
        self.after()

    def cell(self, level: int) -> None:
        text = self.words()
        table = self.table(level)
        if text.strip():
            table.cell.append(text)
        table.texts.append("\n".join(table.cell))
        table.cell = []

    def row(self, level: int) -> None:
        table = self.table(level)
        if table.texts:
            table.rows.append((table.shape, table.texts))
            table.texts = []
            table.shape = replace(table.shape, edges=list(table.shape.edges), merges=list(table.shape.merges))

    def end_tables(self, level: int) -> None:
        """Tables deeper than a level are complete; inner ones follow the outer one."""
        while len(self.tables) > level:
            table = self.tables.pop()
            if table.texts or table.cell:
                table.texts.append("\n".join(table.cell))
                table.rows.append((table.shape, table.texts))
            self.finished.insert(0, table)
        if not self.tables:
            finished, self.finished = self.finished, []
            for table in finished:
                self.content.add_table(_cells(table))
            if finished:
                self.after()

    def after(self) -> None:
        """Footnotes, text boxes and hidden words of what was just read."""
        notes, self.notes = self.notes, []
        for note in notes:
            for line in note.split("\n"):
                self.content.add_line(line)
        if self.hidden:
            self.content.leave_out_hidden("text formatted as hidden", " ".join(self.hidden))
            self.hidden = []


def _cells(table: _Table) -> list[TableCell]:
    """Cells with their spans; columns are the distinct right edges of all rows."""
    edges = sorted({edge for shape, _ in table.rows for edge in shape.edges})
    columns: dict[int, int] = {}
    for number, edge in enumerate(edges):
        near = edges[number - 1] if number and edge - edges[number - 1] <= 20 else None
        columns[edge] = columns[near] if near is not None else len(set(columns.values())) + 1
    cells: list[TableCell] = []
    above: dict[int, TableCell] = {}
    for row_no, (shape, texts) in enumerate(table.rows, 1):
        column = 1
        left: TableCell | None = None
        for number, text in enumerate(texts):
            merge = shape.merges[number] if number < len(shape.merges) else ""
            last = columns[shape.edges[number]] if number < len(shape.edges) else column
            span = max(1, last - column + 1)
            if "clmrg" in merge.split() and left is not None:
                left.column_span += span
            elif "clvmrg" in merge and column in above:
                above[column].row_span += 1
                left = None
            else:
                left = TableCell(row_no, column, text, column_span=span, is_header=shape.is_header)
                cells.append(left)
                if "clvmgf" in merge:
                    above[column] = left
                else:
                    above.pop(column, None)
            column += span
    return cells
