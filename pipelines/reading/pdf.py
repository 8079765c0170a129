"""PDF: text where it stands, ruled tables from their drawn lines, pages that are pictures by recognition.

PDFium reads the file; scripts in it are never run, attachments and links never followed.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pipelines.reading.content import Content, TableCell
from pipelines.reading.errors import ReadingError
from pipelines.reading.layout import Page, PlacedLine, PlacedTable, add_pages
from pipelines.reading.ruled import Rule, RuledTable, find_tables

if TYPE_CHECKING:
    import pypdfium2

_TOLERANCE = 2.0
_THIN = 2.6
_LEAST_RULE = 6.0
_MOST_OBJECTS = 60_000
_FEW_LETTERS = 16
_SCAN_DPI = 300
_MOST_PIXELS = 25_000_000
# Confidence of words that someone else's program recognised and laid under the picture of a page.
_LAYER_CONFIDENCE = 0.5
_INVISIBLE = 3

Place = Callable[[float, float], tuple[float, float]]


def read_pdf(data: bytes, content: Content) -> None:
    """Fill `content` from a PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadingError(
                "password_protected", f"{content.name}: protected by a password; ask for it without one."
            ) from None
        raise ReadingError(
            "broken_file", f"{content.name}: a broken PDF ({str(error)[:100]}); ask for it again."
        ) from None
    count = len(document)
    if count > content.limits.pages:
        raise ReadingError(
            "limit_exceeded",
            f"{content.name}: {count} pages, at most {content.limits.pages} are read; split the document.",
        )
    pages: list[Page] = []
    scans: list[int] = []
    for number in range(count):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            content.leave_out("broken_page", f"{content.name}: page {number + 1} is broken and was left out.")
            continue
        read = _Reader(page, number + 1, content).read()
        if read is None:
            scans.append(number)
            pages.append(Page(number + 1, page.get_width(), page.get_height()))
        else:
            pages.append(read)
        page.close()
    if scans:
        _recognise(document, scans, pages, content)
    document.close()
    add_pages(pages, content)


def _recognise(
    document: pypdfium2.PdfDocument, scans: list[int], pages: list[Page], content: Content
) -> None:
    from pipelines.reading.recognition import require_tesseract
    from pipelines.reading.scan import recognised_page

    require_tesseract(content)
    if len(scans) > content.limits.scan_pages:
        raise ReadingError(
            "limit_exceeded",
            f"{content.name}: {len(scans)} scanned pages, at most {content.limits.scan_pages} are recognised.",
        )
    by_number = {page.number: page for page in pages}
    for number in scans:
        page = document[number]
        area = max(page.get_width() * page.get_height(), 1.0)
        scale = min(_SCAN_DPI / 72, (_MOST_PIXELS / area) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True)
        picture = bitmap.to_numpy().copy()
        bitmap.close()
        page.close()
        shape = picture.shape
        found = recognised_page(picture.reshape(shape[0], shape[1]), number + 1)
        target = by_number[number + 1]
        target.items, target.width, target.height = found.items, found.width, found.height


class _Reader:
    """One page: its letters, its lines and its tables."""

    def __init__(self, page: pypdfium2.PdfPage, number: int, content: Content) -> None:
        import pypdfium2.raw as raw

        self.raw: Any = raw
        self.page, self.number, self.content = page, number, content
        left, bottom, right, top = page.get_bbox()
        turn = page.get_rotation()
        self.place: Place = {
            90: lambda x, y: (y - bottom, x - left),
            180: lambda x, y: (right - x, y - bottom),
            270: lambda x, y: (top - y, right - x),
        }.get(turn, lambda x, y: (x - left, top - y))
        wide, high = right - left, top - bottom
        self.width, self.height = (high, wide) if turn in {90, 270} else (wide, high)
        self.horizontal: list[Rule] = []
        self.vertical: list[Rule] = []
        self.picture_area = 0.0
        self.is_invisible = False

    def read(self) -> Page | None:
        """The page; None where it is a picture that has to be recognised."""
        text_page = self.page.get_textpage()
        count = text_page.count_chars()
        if count > self.content.limits.characters:
            raise ReadingError("limit_exceeded", f"{self.content.name}: page {self.number} is too long.")
        self.objects()
        if count <= _FEW_LETTERS and self.picture_area > 0.3 * self.width * self.height:
            text_page.close()
            return None
        confidence = (
            _LAYER_CONFIDENCE
            if self.is_invisible and self.picture_area > 0.5 * self.width * self.height
            else None
        )
        tables = find_tables(self.horizontal, self.vertical, _TOLERANCE) if self.horizontal else []
        page = self.letters(text_page, count, tables, confidence)
        text_page.close()
        return page

    def objects(self) -> None:
        """Drawn lines and pictures of the page, those inside forms too."""
        raw = self.raw
        bounds = [ctypes.c_float() for _ in range(4)]
        refs = [ctypes.byref(bound) for bound in bounds]
        seen = 0
        texts = 0
        for item in self.page.get_objects(max_depth=3):
            seen += 1
            if seen > _MOST_OBJECTS:
                break
            handle = item.raw
            if item.type == raw.FPDF_PAGEOBJ_TEXT:
                if texts < 40:
                    texts += 1
                    self.is_invisible = raw.FPDFTextObj_GetTextRenderMode(handle) == _INVISIBLE
                continue
            if item.type not in {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE}:
                continue
            if not raw.FPDFPageObj_GetBounds(handle, *refs):
                continue
            left, bottom, right, top = (bound.value for bound in bounds)
            if item.type == raw.FPDF_PAGEOBJ_IMAGE:
                self.picture_area += max(0.0, right - left) * max(0.0, top - bottom)
                continue
            if right - left <= _THIN or top - bottom <= _THIN:
                self.rule(left, bottom, right, top)
            else:
                self.path(handle)

    def rule(self, left: float, bottom: float, right: float, top: float) -> None:
        """A thin box is a line."""
        (x0, y0), (x1, y1) = self.place(left, top), self.place(right, bottom)
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        if x1 - x0 >= _LEAST_RULE and y1 - y0 <= _THIN:
            self.horizontal.append(Rule((y0 + y1) / 2, x0, x1))
        elif y1 - y0 >= _LEAST_RULE and x1 - x0 <= _THIN:
            self.vertical.append(Rule((x0 + x1) / 2, y0, y1))

    def path(self, handle: Any) -> None:
        """The straight, upright edges of a larger shape: a drawn grid or a framed cell."""
        raw = self.raw
        count = raw.FPDFPath_CountSegments(handle)
        if not 2 <= count <= 4000:
            return
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(handle, ctypes.byref(matrix))
        x, y = ctypes.c_float(), ctypes.c_float()
        start = before = None
        for number in range(count):
            segment = raw.FPDFPath_GetPathSegment(handle, number)
            if not raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                continue
            point = (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == raw.FPDF_SEGMENT_LINETO and before is not None:
                self.edge(before, point)
            before = point
            if start is not None and raw.FPDFPathSegment_GetClose(segment):
                self.edge(point, start)

    def edge(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        if abs(one[0] - other[0]) < 1 or abs(one[1] - other[1]) < 1:
            self.rule(
                min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])
            )

    def letters(self, text_page: Any, count: int, tables: list[RuledTable], confidence: float | None) -> Page:
        """Letters by line outside tables, and by cell inside."""
        raw, handle = self.raw, text_page.raw
        page = Page(self.number, self.width, self.height)
        x, y = ctypes.c_double(), ctypes.c_double()
        x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
        box = raw.FS_RECTF()
        box_ref = ctypes.byref(box)
        place = self.place
        words: dict[tuple[int, int, int], list[tuple[float, str]]] = {}
        placed = [False] * len(tables)
        begun: list[tuple[int, PlacedTable]] = []
        line: list[str] = []
        extent = [0.0, 0.0, 0.0, 0.0]
        baseline: float | None = None

        def settle() -> None:
            text = "".join(line).strip()
            if text:
                page.items.append(PlacedLine(text, extent[0], extent[1], extent[2], extent[3], confidence))
            line.clear()

        unicode_of, origin_of, box_of = (
            raw.FPDFText_GetUnicode,
            raw.FPDFText_GetCharOrigin,
            raw.FPDFText_GetLooseCharBox,
        )
        table_no = -1
        key: tuple[int, int, int] | None = None
        high_half = 0
        for number in range(count):
            code = unicode_of(handle, number)
            if 0xD800 <= code < 0xDC00:
                high_half = code
                continue
            if 0xDC00 <= code < 0xE000 and high_half:
                code = 0x10000 + ((high_half - 0xD800) << 10) + code - 0xDC00
            high_half = 0
            if code in {13, 10}:
                continue
            if code in {0, 2, 0xFFFE}:
                code = 45
            letter = " " if code in {32, 160} else chr(code)
            if letter == " ":
                if key is not None and words.get(key):
                    words[key].append((words[key][-1][0], " "))
                elif line:
                    line.append(" ")
                continue
            origin_of(handle, number, x_ref, y_ref)
            box_of(handle, number, box_ref)
            _, at_y = place(x.value, y.value)
            x0, y0 = place(box.left, box.top)
            x1, y1 = place(box.right, box.bottom)
            if x0 > x1:
                x0, x1 = x1, x0
            if y0 > y1:
                y0, y1 = y1, y0
            middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
            found = None
            if tables:
                if table_no < 0 or not tables[table_no].holds(middle_x, middle_y):
                    table_no = next((n for n, one in enumerate(tables) if one.holds(middle_x, middle_y)), -1)
                if table_no >= 0:
                    found = tables[table_no].cell_at(middle_x, middle_y)
            if found is not None:
                settle()
                baseline = None
                if not placed[table_no]:
                    placed[table_no] = True
                    made = PlacedTable(tables[table_no].columns, [], tables[table_no].rows[0])
                    page.items.append(made)
                    begun.append((table_no, made))
                key = (table_no, found.row, found.column)
                words.setdefault(key, []).append((at_y, letter))
                continue
            key = None
            height = max(y1 - y0, 1.0)
            if baseline is None or abs(at_y - baseline) > 0.45 * height or x0 < extent[1] - 3 * height:
                settle()
                extent = [x0, x1, y0, y1]
                baseline = at_y
            elif x0 - extent[1] > 4 * height:
                # Side by side, as in a letter head: two lines, not one.
                settle()
                extent = [x0, x1, y0, y1]
            extent = [min(extent[0], x0), max(extent[1], x1), min(extent[2], y0), max(extent[3], y1)]
            line.append(letter)
        settle()
        for number, made in begun:
            made.cells.extend(self.cells(tables[number], number, words, confidence))
        return page

    def cells(
        self,
        table: RuledTable,
        number: int,
        words: dict[tuple[int, int, int], list[tuple[float, str]]],
        confidence: float | None,
    ) -> list[TableCell]:
        """Cells of a table with their lines joined."""
        self.content.count_cells(len(table.cells))
        self.content.cell_count -= len(table.cells)
        return [
            TableCell(
                cell.row,
                cell.column,
                _cell_text(words.get((number, cell.row, cell.column), [])),
                column_span=cell.column_span,
                row_span=cell.row_span,
                page=self.number,
                confidence=confidence,
            )
            for cell in table.cells
        ]


def _cell_text(letters: list[tuple[float, str]]) -> str:
    """Letters of a cell line by line; a small shift is a raised letter, not a new line."""
    pieces: list[str] = []
    before: float | None = None
    for y, letter in letters:
        if before is not None and abs(y - before) > 5 and letter != " ":
            pieces.append("\n")
            before = y
        elif before is None:
            before = y
        pieces.append(letter)
    return "".join(pieces).strip()
