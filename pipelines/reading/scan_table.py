"""Tables in scans: cells of a ruled table recognised one by one, and what is often misread in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipelines.reading.content import TableCell
from pipelines.reading.layout import PlacedTable
from pipelines.reading.markers import is_row_number
from pipelines.reading.recognition import lines_of_words, mended, recognised_words

if TYPE_CHECKING:
    from pipelines.reading.recognition import Picture
    from pipelines.reading.ruled import RuledTable

DARK = 150
LEAST_INK = 12
# How the program looks at a cell (6 a block of text, 7 a line, 8 a word, 10 a single letter) and the white
# around it in pixels, which changes what it sees; the later ones only for short cells that it doubts.
_LOOKS = (("6", 14), ("6", 10), ("7", 14), ("8", 14), ("10", 14))
_DOUBTFUL = 0.85
_SHORT = 8
_LOOK_ALIKES = str.maketrans({"|": "I", "l": "I", "!": "I", "ì": "I", "Ì": "I", "€": "c", "¢": "c", "ô": "6"})
# Letters that number rows, in Vietnamese order.
_LETTERS = "abcdđeghiklmnopqrstuvxy"


class Reading(NamedTuple):
    """What was recognised in a cell; the better of two is the larger."""

    has_enough_ink: bool
    confidence: float
    text: str

    @property
    def is_doubtful(self) -> bool:
        """Whether another look is worth its time."""
        return not self.has_enough_ink or (self.confidence < _DOUBTFUL and len(self.text) <= _SHORT)


def recognised_table(table: RuledTable, clean: Picture, folder: Path, page: int) -> PlacedTable:
    """The table's cells, each recognised by itself, all in one run of the program."""
    import numpy as np

    pictures, owners = [], []
    for cell in table.cells:
        cut = clean[int(cell.top) + 3 : int(cell.bottom) - 2, int(cell.left) + 3 : int(cell.right) - 2]
        if cut.size and int((cut < DARK).sum()) >= LEAST_INK:
            pictures.append(_trimmed(cut))
            owners.append((cell.row, cell.column))
    readings: list[Reading | None] = [None] * len(pictures)
    for mode, white in _LOOKS:
        left = [number for number, reading in enumerate(readings) if reading is None or reading.is_doubtful]
        if not left:
            break
        words = recognised_words(
            [np.pad(pictures[number], white, constant_values=255) for number in left], folder, mode
        )
        for position, number in enumerate(left, 1):
            lines = lines_of_words([row for row in words if row[0] == position])
            if lines:
                text = mended("\n".join(line.text for line in lines))
                confidence = min(line.confidence or 0.0 for line in lines)
                reading = Reading(_has_enough_ink(text, pictures[number]), confidence, text)
                readings[number] = max(reading, readings[number] or reading)
    found = dict(zip(owners, readings, strict=True))
    cells = []
    for cell in table.cells:
        reading_of = found.get((cell.row, cell.column))
        cells.append(
            TableCell(
                cell.row,
                cell.column,
                reading_of.text if reading_of else "",
                column_span=cell.column_span,
                row_span=cell.row_span,
                page=page,
                confidence=round(reading_of.confidence, 3) if reading_of else 1.0,
            )
        )
    _mend_row_numbers(cells)
    return PlacedTable(table.columns, cells, table.rows[0])


def _has_enough_ink(text: str, cut: Picture) -> bool:
    """Whether a whole number has no more figures than the cell has separate marks; 80 is seen as 830 at times."""
    import numpy as np

    if not text.isdecimal():
        return True
    columns = (cut < DARK).any(axis=0).astype(np.int8)
    return len(text) <= int((np.diff(columns, prepend=0) == 1).sum())


def _mend_row_numbers(cells: list[TableCell]) -> None:
    """Row numbers read as their look-alikes, in a first column that holds row numbers.

    A figure or letter between its neighbours follows from them.
    """
    column = [cell for cell in cells if cell.column == 1 and cell.text.strip()]
    mended = [cell.text.strip().translate(_LOOK_ALIKES) for cell in column]
    known = sum(map(is_row_number, mended))
    if known < 3 or known < 0.6 * len(column):
        return
    for cell, text in zip(column, mended, strict=True):
        if is_row_number(text) and not is_row_number(cell.text):
            cell.text = text
    for before, cell, after in zip(column, column[1:], column[2:], strict=False):
        between = _between(before.text.strip(" .)"), after.text.strip(" .)"))
        if between and len(cell.text.strip()) <= 2:
            cell.text = between


def _between(one: str, other: str) -> str | None:
    """The row number that stands between two.

    >>> _between("7", "9"), _between("b", "d"), _between("d", "e"), _between("1", "5")
    ('8', 'c', 'đ', None)
    """
    if one.isdecimal() and other.isdecimal():
        return str(int(one) + 1) if int(other) == int(one) + 2 else None
    for letters in (_LETTERS, _LETTERS.upper()):
        if len(one) == len(other) == 1 and one in letters and other in letters:
            place = letters.index(one) + 1
            return letters[place] if letters.find(other) == place + 1 else None
    return None


def _trimmed(cut: Picture) -> Picture:
    """The part of a cell that holds ink."""
    import numpy as np

    ink = cut < DARK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows) or not len(columns):
        return cut
    return cut[
        max(0, rows[0] - 3) : rows[-1] + 4,
        max(0, columns[0] - 3) : columns[-1] + 4,
    ]
