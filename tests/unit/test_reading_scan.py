"""Lines drawn on pictures of pages: which of them make a table's cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipelines.reading.ruled import find_tables
from pipelines.reading.scan import drawn_rules

if TYPE_CHECKING:
    from pipelines.reading.recognition import Picture

LEFT, RIGHT, TOP = 140, 1500, 300
POSTS = (140, 420, 700, 980, 1500)


def page_with_table(heights: list[int], posts: list[tuple[int, ...]], size: tuple[int, int]) -> Picture:
    """A page with a ruled table: the height of each row and the places of the posts in it."""
    page = np.full(size, 255, dtype=np.uint8)
    top = TOP
    page[top - 2 : top + 3, LEFT - 2 : RIGHT + 3] = 0
    for height, places in zip(heights, posts, strict=True):
        for place in places:
            page[top : top + height, place - 2 : place + 3] = 0
        top += height
        page[top - 2 : top + 3, LEFT - 2 : RIGHT + 3] = 0
    return page


def shape(page: Picture) -> list[list[tuple[int, int]]]:
    """(column, columns spanned) of the cells of the page's only table, row by row."""
    horizontal, vertical, _ = drawn_rules(page)
    (table,) = find_tables(horizontal, vertical, tolerance=9.0)
    rows: list[list[tuple[int, int]]] = [[] for _ in table.rows[1:]]
    for cell in table.cells:
        rows[cell.row - 1].append((cell.column, cell.column_span))
    return rows


@pytest.mark.parametrize(("size", "low"), [((2200, 1700), 34), ((2200, 1700), 27), ((3300, 2550), 60)])
def test_a_low_header_row_keeps_its_cells_above_a_merged_row(size: tuple[int, int], low: int) -> None:
    ends = (LEFT, RIGHT)
    page = page_with_table([low, low, 120], [POSTS, ends, POSTS], size)
    # A speck breaks a post of the header.
    page[TOP + 8, 418:423] = 230
    single = [(1, 1), (2, 1), (3, 1), (4, 1)]
    assert shape(page) == [single, [(1, 4)], single]


@pytest.mark.parametrize(
    "stroke", [(6, 29), (0, 25), (9, 34)], ids=["free", "touches above", "touches below"]
)
def test_upright_strokes_of_letters_in_a_low_row_are_no_posts(stroke: tuple[int, int]) -> None:
    page = page_with_table([34, 120], [(LEFT, RIGHT), POSTS], (2200, 1700))
    for place in range(510, 900, 40):
        page[TOP + stroke[0] : TOP + stroke[1], place : place + 4] = 0
    assert shape(page)[0] == [(1, 4)]


def test_posts_of_a_low_row_are_wiped_before_words_are_recognised() -> None:
    page = page_with_table([34, 120], [POSTS, POSTS], (2200, 1700))
    _, _, mask = drawn_rules(page)
    assert not (page[~mask] < 255).any()
