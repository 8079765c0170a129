"""Scans: pictures of pages, straightened, with ruled tables kept, their words recognised page by page.

Every block carries the confidence of its words, which marks its figures as not validated.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.reading.content import Content
from pipelines.reading.errors import ReadingError
from pipelines.reading.layout import Page, PlacedLine, PlacedTable, add_pages
from pipelines.reading.recognition import lines_of_words, recognised_words, require_tesseract
from pipelines.reading.ruled import Rule, find_tables
from pipelines.reading.scan_table import DARK, LEAST_INK, recognised_table

if TYPE_CHECKING:
    from pipelines.reading.recognition import Picture

_MOST_PIXELS = 40_000_000
# How much of the paper's brightness is still paper, not ink.
_PAPER_SHARE = 0.75
# Pixels: a row of a table is at least so high; how far beyond the middles of two lines a post may reach.
_LOWEST_ROW = 16
_AROUND = 6


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
            picture.load()
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
    horizontal, vertical, mask = drawn_rules(picture)
    tables = find_tables(horizontal, vertical, tolerance=9.0)
    clean = _without_shadows(picture)
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
        items: list[PlacedLine | PlacedTable] = []
        if int((outside < DARK).sum()) >= LEAST_INK:
            items += lines_of_words(recognised_words([outside], Path(folder), "4"))
        items += [recognised_table(table, clean, Path(folder), number) for table in tables]
    page.items = sorted(items, key=lambda item: item.top)
    return page


def _without_shadows(picture: Picture) -> Picture:
    """A copy with paper and what is hardly darker made white: edges of a removed line read as dashes."""
    import numpy as np

    paper = float(np.median(picture))
    clean = picture.copy()
    clean[picture >= _PAPER_SHARE * paper] = 255
    return clean


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
    small = (picture[::step, ::step] < DARK).astype(np.uint8) * 255
    if (small > 0).sum() < 400:
        return 0.0
    image = Image.fromarray(small)

    def sharpness(angle: float) -> float:
        rows = np.asarray(image.rotate(angle, fillcolor=0)).sum(axis=1, dtype=np.int64).astype(float)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    best = max((step * 0.5 for step in range(-10, 11)), key=sharpness)
    best = max((best + step * 0.1 for step in range(-4, 5)), key=sharpness)
    return best if sharpness(best) > 1.03 * sharpness(0.0) else 0.0


def drawn_rules(picture: Picture) -> tuple[list[Rule], list[Rule], Any]:
    """(horizontal, vertical, mask of their pixels) of the lines drawn on a page."""
    import numpy as np

    dark = picture < 190
    length = max(40, min(picture.shape) // 32)
    level = _runs(dark, length)
    upright = _runs(dark.T, length).T
    horizontal = _segments(level)
    _add_low_posts(upright, dark, horizontal, length)
    mask = level | upright
    grown = mask.copy()
    for shift in (1, 2, 3):
        grown[shift:] |= level[:-shift]
        grown[:-shift] |= level[shift:]
        grown[:, shift:] |= upright[:, :-shift]
        grown[:, :-shift] |= upright[:, shift:]
    return horizontal, _segments(np.ascontiguousarray(upright.T)), grown


def _add_low_posts(upright: Any, dark: Any, horizontal: list[Rule], length: int) -> None:
    """Mark in `upright` the posts of rows lower than `length`: dark all the way from line to line.

    Strokes of letters leave white above or below them.
    """
    lines = sorted(horizontal, key=lambda line: line.at)
    for number, upper in enumerate(lines):
        for lower in lines[number + 1 :]:
            gap = int(lower.at - upper.at)
            if gap > length:
                break
            left, right = int(max(upper.start, lower.start)), int(min(upper.end, lower.end))
            if gap < _LOWEST_ROW or left >= right:
                continue
            band = slice(max(0, int(upper.at) - _AROUND), int(lower.at) + _AROUND)
            across = slice(max(0, left - _AROUND), right + _AROUND)
            upright[band, across] |= _runs(dark[band, across].T, gap).T


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
