"""Scans: words recognised in pictures by Tesseract, page by page, straightened, with ruled tables kept.

Every block carries the confidence of its words, which marks its figures as not validated. Pages are
recognised by a program beside this one; a machine without it is told which packages would enable it.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.reading.content import Content, TableCell
from pipelines.reading.errors import ReadingError
from pipelines.reading.layout import Page, PlacedLine, PlacedTable, add_pages
from pipelines.reading.markers import is_row_number
from pipelines.reading.ruled import Rule, RuledTable, find_tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

PACKAGES = "tesseract-ocr and tesseract-ocr-vie"
_LANGUAGE = "vie"
_MOST_PIXELS = 40_000_000
_DARK = 150
_PADDING = 14
_LEAST_INK = 12
_EXTEND = "scan"
# How the program looks at a cell: as a block of text, as a line, as a word, as a single letter.
_MODES = ("6", "7", "8", "10")
_DOUBTFUL = 0.6
_SHORT = 8
_LOOK_ALIKES = str.maketrans({"|": "I", "l": "I", "!": "I", "ì": "I", "Ì": "I", "€": "c", "¢": "c", "ô": "6"})
# Words that are often recognised without their accent or with a look-alike letter.
_MISREAD = (
    (re.compile(r"\bUy(?=\s+ban\b)"), "Ủy"),
    (re.compile(r"\bUY(?=\s+BAN\b)"), "ỦY"),
    (re.compile(r"\bloT\b"), "IoT"),
    (re.compile(r"\blnternet\b"), "Internet"),
    (re.compile(r"\blPv([46])\b"), r"IPv\1"),
    (re.compile(r"(?<=\d)[oO](?=\d*%)"), "0"),
)


def require_tesseract(content: Content) -> None:
    """Raise ReadingError where scans cannot be recognised on this machine."""
    missing = missing_parts()
    if missing:
        raise ReadingError(
            "recognition_missing",
            f"{content.name}: a scan, and {missing} is not installed; install {PACKAGES} and run again.",
        )
    from pipelines.reading.deadline import ask_for_more_time

    ask_for_more_time(_EXTEND)


def missing_parts() -> str:
    """What is missing for recognition: the program, its Vietnamese data, or nothing."""
    program = shutil.which("tesseract")
    if program is None:
        return "Tesseract"
    listed = subprocess.run(  # noqa: S603 -- a fixed command
        [program, "--list-langs"], capture_output=True, text=True, check=False, timeout=20
    )
    return "" if _LANGUAGE in listed.stdout.split() else "Tesseract's Vietnamese data"


def read_image(data: bytes, content: Content) -> None:
    """Fill `content` from a picture (PNG, JPEG, TIFF), page by page."""
    import numpy as np
    from PIL import Image, ImageSequence, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    pages: list[Page] = []
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise ReadingError(
                    "limit_exceeded",
                    f"{content.name}: {picture.width} x {picture.height} pixels are too many.",
                )
            require_tesseract(content)
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                if number > content.limits.scan_pages:
                    raise ReadingError("limit_exceeded", f"{content.name}: more than {number - 1} pages.")
                if frame.width * frame.height > _MOST_PIXELS:
                    raise ReadingError("limit_exceeded", f"{content.name}: page {number} is too large.")
                flat = _on_white(frame)
                if flat.width < 1300:
                    flat = flat.resize((flat.width * 2, flat.height * 2), Image.Resampling.LANCZOS)
                pages.append(recognised_page(np.asarray(flat), number))
    except Image.DecompressionBombError:
        raise ReadingError("limit_exceeded", f"{content.name}: the picture has too many pixels.") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise ReadingError(
            "broken_file",
            f"{content.name}: the picture is broken ({' '.join(str(error).split())[:100]}); ask for it again.",
        ) from None
    add_pages(pages, content)


def _on_white(frame: Any) -> Any:
    """A picture in grey, what is see-through as paper."""
    from PIL import Image

    if frame.mode in {"RGBA", "LA", "PA"} or "transparency" in frame.info:
        frame = frame.convert("RGBA")
        paper = Image.new("RGBA", frame.size, "white")
        return Image.alpha_composite(paper, frame).convert("L")
    if frame.mode.startswith("I"):
        return frame.point(lambda value: value / 256).convert("L")
    return frame.convert("L")


def recognised_page(picture: Picture, number: int) -> Page:
    """A page's lines and tables in reading order."""
    picture = straightened(picture)
    horizontal, vertical, mask = _rules(picture)
    tables = find_tables(horizontal, vertical, tolerance=9.0)
    clean = picture.copy()
    clean[mask] = 255
    height, width = picture.shape
    page = Page(number, float(width), float(height))
    outside = clean.copy()
    for table in tables:
        top, bottom = int(table.rows[0]), int(table.rows[-1])
        outside[
            max(0, top - 4) : bottom + 4, max(0, int(table.columns[0]) - 4) : int(table.columns[-1]) + 4
        ] = 255
    with tempfile.TemporaryDirectory(prefix="hatangso-scan-") as folder:
        lines = _lines(_run([outside], Path(folder), "4"))
        items: list[PlacedLine | PlacedTable] = list(lines)
        items += [_recognised_table(table, clean, Path(folder), number) for table in tables]
    page.items = sorted(items, key=lambda item: item.top)
    return page


def straightened(picture: Picture) -> Picture:
    """The page turned by the few degrees that it was laid askew."""
    import numpy as np
    from PIL import Image

    angle = skew(picture)
    if abs(angle) < 0.15:
        return picture
    turned = Image.fromarray(picture).rotate(
        angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    return np.asarray(turned)


def skew(picture: Picture) -> float:
    """Degrees by which to turn a page so that its lines lie level; 0 where it has too little ink."""
    import numpy as np
    from PIL import Image

    step = max(1, max(picture.shape) // 900)
    small = (picture[::step, ::step] < _DARK).astype(np.uint8) * 255
    if (small > 0).sum() < 400:
        return 0.0
    image = Image.fromarray(small)

    def sharpness(angle: float) -> float:
        rows = np.asarray(image.rotate(angle, fillcolor=0)).sum(axis=1, dtype=np.int64).astype(float)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    best = max((step * 0.5 for step in range(-10, 11)), key=sharpness)
    best = max((best + step * 0.1 for step in range(-4, 5)), key=sharpness)
    return best if sharpness(best) > 1.03 * sharpness(0.0) else 0.0


def _rules(picture: Picture) -> tuple[list[Rule], list[Rule], Any]:
    """(horizontal, vertical, mask of their pixels) of the lines drawn on a page."""
    import numpy as np

    dark = picture < 190
    length = max(40, min(picture.shape) // 32)
    level = _runs(dark, length)
    upright = _runs(dark.T, length).T
    mask = level | upright
    grown = mask.copy()
    for shift in (1, 2, 3):
        grown[shift:] |= level[:-shift]
        grown[:-shift] |= level[shift:]
        grown[:, shift:] |= upright[:, :-shift]
        grown[:, :-shift] |= upright[:, shift:]
    return _segments(level), _segments(np.ascontiguousarray(upright.T)), grown


def _runs(dark: Any, length: int) -> Any:
    """Pixels inside a nearly unbroken dark run of at least `length` along a row."""
    import numpy as np

    sums = np.zeros((dark.shape[0], dark.shape[1] + 1), dtype=np.int32)
    np.cumsum(dark, axis=1, out=sums[:, 1:])
    if dark.shape[1] <= length:
        return np.zeros_like(dark)
    full = (sums[:, length:] - sums[:, :-length]) >= 0.95 * length
    marks = np.zeros((dark.shape[0], dark.shape[1] + 1), dtype=np.int32)
    marks[:, : full.shape[1]] += full
    marks[:, length : length + full.shape[1]] -= full
    inside: Any = np.cumsum(marks[:, :-1], axis=1) > 0
    return inside


def _segments(mask: Any) -> list[Rule]:
    """The lines of a mask; rows of pixels that touch are one line, and a thick bar is none."""
    import numpy as np

    open_lines: list[list[float]] = []
    done: list[list[float]] = []
    for y in np.flatnonzero(mask.any(axis=1)).tolist():
        row = mask[y].astype(np.int8)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], row, [0]))))
        current: list[list[float]] = []
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            for line in open_lines:
                if line[1] >= y - 2 and line[2] <= end and line[3] >= start:
                    line[1], line[2], line[3] = y, min(line[2], start), max(line[3], end)
                    break
            else:
                current.append([y, y, start, end])
        open_lines += current
        still = [line for line in open_lines if line[1] >= y - 2]
        done += [line for line in open_lines if line[1] < y - 2]
        open_lines = still
        if len(done) > 4000:
            break
    return [
        Rule(float(top + bottom) / 2, float(start), float(end))
        for top, bottom, start, end in done + open_lines
        if bottom - top <= 14
    ]


def _recognised_table(table: RuledTable, clean: Picture, folder: Path, page: int) -> PlacedTable:
    """The table's cells, each recognised by itself, all in one run of the program."""
    import numpy as np

    pictures, owners = [], []
    for cell in table.cells:
        cut = clean[int(cell.top) + 3 : int(cell.bottom) - 2, int(cell.left) + 3 : int(cell.right) - 2]
        if cut.size and int((cut < _DARK).sum()) >= _LEAST_INK:
            pictures.append(np.pad(_trimmed(cut), _PADDING, constant_values=255))
            owners.append((cell.row, cell.column))
    found: dict[tuple[int, int], tuple[str, float]] = {}
    for mode in _MODES:
        left = [
            number
            for number, owner in enumerate(owners)
            if owner not in found or (found[owner][1] < _DOUBTFUL and len(found[owner][0]) <= _SHORT)
        ]
        if not left:
            break
        words = _run([pictures[number] for number in left], folder, mode)
        for position, number in enumerate(left, 1):
            lines = _lines([row for row in words if row[0] == position])
            if not lines:
                continue
            confidence = min(line.confidence or 0.0 for line in lines)
            if confidence > found.get(owners[number], ("", -1.0))[1]:
                found[owners[number]] = (_mended("\n".join(line.text for line in lines)), confidence)
    cells = [
        TableCell(
            cell.row,
            cell.column,
            found.get((cell.row, cell.column), ("", 0.0))[0],
            column_span=cell.column_span,
            row_span=cell.row_span,
            page=page,
            confidence=round(found.get((cell.row, cell.column), ("", 1.0))[1], 3),
        )
        for cell in table.cells
    ]
    _mend_row_numbers(cells)
    return PlacedTable(table.columns, cells, table.rows[0])


def _mend_row_numbers(cells: list[TableCell]) -> None:
    """Row numbers read as their look-alikes, in a first column that holds row numbers.

    A figure between its neighbours follows from them.
    """
    column = [cell for cell in cells if cell.column == 1 and cell.text.strip()]
    known = sum(is_row_number(cell.text) for cell in column)
    if known < 3 or known < 0.6 * len(column):
        return
    for cell in column:
        if not is_row_number(cell.text):
            mended = cell.text.strip().translate(_LOOK_ALIKES)
            cell.text = mended if is_row_number(mended) else cell.text
    for before, cell, after in zip(column, column[1:], column[2:], strict=False):
        one, other = before.text.strip(" ."), after.text.strip(" .")
        if one.isdigit() and other.isdigit() and int(other) == int(one) + 2 and len(cell.text.strip()) <= 2:
            cell.text = str(int(one) + 1)


def _trimmed(cut: Picture) -> Picture:
    """The part of a cell that holds ink."""
    import numpy as np

    ink = cut < _DARK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows) or not len(columns):
        return cut
    return cut[
        max(0, rows[0] - 3) : rows[-1] + 4,
        max(0, columns[0] - 3) : columns[-1] + 4,
    ]


Word = tuple[int, tuple[int, int, int], float, str, float, float, float, float]


def _run(pictures: list[Picture], folder: Path, mode: str) -> list[Word]:
    """Words of pictures: (picture, line, confidence, text, left, top, right, bottom)."""
    names = []
    for number, picture in enumerate(pictures, 1):
        path = folder / f"{number}.pgm"
        height, width = picture.shape
        path.write_bytes(f"P5 {width} {height} 255\n".encode() + picture.tobytes())
        names.append(str(path))
    listed = folder / "pictures.txt"
    listed.write_text("\n".join(names) + "\n", encoding="utf-8")
    program = shutil.which("tesseract") or "tesseract"
    done = subprocess.run(  # noqa: S603 -- a fixed command on files of our own
        [program, str(listed), "stdout", "-l", _LANGUAGE, "--psm", mode, "--dpi", "300", "tsv"],
        capture_output=True,
        check=False,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", errors="replace").strip().split("\n")[-1][:120]
        raise OSError(f"recognition failed: {said}")
    words: list[Word] = []
    for row in done.stdout.decode("utf-8", errors="replace").split("\n"):
        cells = row.rstrip("\r").split("\t")
        if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():
            continue
        numbers = [int(cell) for cell in cells[1:10]]
        left, top, wide, high = numbers[5:9]
        words.append(
            (
                numbers[0],
                (numbers[1], numbers[2], numbers[3]),
                max(0.0, float(cells[10])) / 100,
                cells[11],
                float(left),
                float(top),
                float(left + wide),
                float(top + high),
            )
        )
    return words


def _lines(words: list[Word]) -> list[PlacedLine]:
    """Words by line; a wide gap parts two lines side by side."""
    groups: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        groups.setdefault(word[1], []).append(word)
    lines: list[PlacedLine] = []
    for group in groups.values():
        part: list[Word] = []
        height = max(word[7] - word[5] for word in group)
        for word in group:
            if part and word[4] - part[-1][6] > 4 * height:
                lines.append(_line(part))
                part = []
            part.append(word)
        lines.append(_line(part))
    if lines:
        # A box fits its letters, so a line of figures is lower than one with accents: as high as most are.
        usual = sorted(line.bottom - line.top for line in lines)[len(lines) // 2]
        for line in lines:
            middle = (line.top + line.bottom) / 2
            if line.bottom - line.top < 1.6 * usual:
                line.top, line.bottom = middle - usual / 2, middle + usual / 2
    return lines


def _line(words: list[Word]) -> PlacedLine:
    return PlacedLine(
        _mended(" ".join(word[3] for word in words)),
        min(word[4] for word in words),
        max(word[6] for word in words),
        min(word[5] for word in words),
        max(word[7] for word in words),
        confidence=min(word[2] for word in words),
    )


def _mended(text: str) -> str:
    """The text with what is often misread put right.

    >>> _mended("Uy ban nhân dân, loT, 1o0%")
    'Ủy ban nhân dân, IoT, 100%'
    """
    for pattern, meant in _MISREAD:
        text = pattern.sub(meant, text)
    return text
