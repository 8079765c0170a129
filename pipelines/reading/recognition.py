"""The recognition of words in pictures: Tesseract run on pictures of our own, its words as placed lines.

A program beside this one; what pages and tables are is no business of this module.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.reading.errors import ReadingError
from pipelines.reading.layout import PlacedLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipelines.reading.content import Content

    Picture = NDArray[np.uint8]

PACKAGES = "tesseract-ocr and tesseract-ocr-vie"
_LANGUAGE = "vie"
_EXTEND = "scan"
# Words that are often recognised without their accent or with a look-alike letter.
_MISREAD = (
    (re.compile(r"\b[UÙÚŨ]y(?=\s+ban\b)"), "Ủy"),
    (re.compile(r"\b[UÙÚŨ]Y(?=\s+BAN\b)"), "ỦY"),
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


Word = tuple[int, tuple[int, int, int], float, str, float, float, float, float]


def recognised_words(pictures: list[Picture], folder: Path, mode: str) -> list[Word]:
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


def lines_of_words(words: list[Word]) -> list[PlacedLine]:
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
        mended(" ".join(word[3] for word in words)),
        min(word[4] for word in words),
        max(word[6] for word in words),
        min(word[5] for word in words),
        max(word[7] for word in words),
        confidence=min(word[2] for word in words),
    )


def mended(text: str) -> str:
    """The text with what is often misread put right.

    >>> mended("Uy ban nhân dân, loT, 1o0%")
    'Ủy ban nhân dân, IoT, 100%'
    """
    for pattern, meant in _MISREAD:
        text = pattern.sub(meant, text)
    return text
