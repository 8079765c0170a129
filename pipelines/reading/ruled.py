"""Ruled tables: from drawn lines to a grid of cells with their spans. Coordinates grow to the right and down."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_LINES = 4000


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: at `at` across its direction, from `start` to `end` along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a ruled table; rows and columns count from 1."""

    row: int
    column: int
    row_span: int
    column_span: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table by its lines; `columns` and `rows` are their places."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[GridCell, ...]

    def cell_at(self, x: float, y: float) -> GridCell | None:
        """The cell that holds a point."""
        for cell in self.cells:
            if cell.left <= x <= cell.right and cell.top <= y <= cell.bottom:
                return cell
        return None

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside the outer lines."""
        return self.columns[0] <= x <= self.columns[-1] and self.rows[0] <= y <= self.rows[-1]


def find_tables(horizontal: Sequence[Rule], vertical: Sequence[Rule], tolerance: float) -> list[RuledTable]:
    """Tables from the top down; lines that cross no other line are no table."""
    across = _merged(horizontal[:_MOST_LINES], tolerance)
    down = _merged(vertical[:_MOST_LINES], tolerance)
    parent = list(range(len(across) + len(down)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    down_order = sorted(range(len(down)), key=lambda one: down[one].at)
    places = [down[one].at for one in down_order]
    for number, line in enumerate(across):
        for position in range(bisect_left(places, line.start - tolerance), len(places)):
            if places[position] > line.end + tolerance:
                break
            other = down[down_order[position]]
            if other.start - tolerance <= line.at <= other.end + tolerance:
                parent[root(len(across) + down_order[position])] = root(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, line in enumerate(across):
        groups.setdefault(root(number), ([], []))[0].append(line)
    for number, line in enumerate(down):
        groups.setdefault(root(len(across) + number), ([], []))[1].append(line)
    tables = [
        table
        for lines, posts in groups.values()
        if len(lines) >= 2 and len(posts) >= 2 and (table := _table(lines, posts, tolerance))
    ]
    return sorted(tables, key=lambda table: (table.rows[0], table.columns[0]))


def _merged(rules: Sequence[Rule], tolerance: float) -> list[Rule]:
    """Rules on one line and close to each other made one."""
    merged: list[Rule] = []
    group: list[Rule] = []

    def settle() -> None:
        at = sum(rule.at for rule in group) / len(group)
        start, end = None, 0.0
        for rule in sorted(group, key=lambda one: one.start):
            if start is None:
                start, end = rule.start, rule.end
            elif rule.start <= end + 2 * tolerance:
                end = max(end, rule.end)
            else:
                merged.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        if start is not None:
            merged.append(Rule(at, start, end))

    for rule in sorted(rules, key=lambda one: one.at):
        if group and rule.at - group[-1].at > tolerance:
            settle()
            group = []
        group.append(rule)
    if group:
        settle()
    return merged


def _places(rules: Sequence[Rule], tolerance: float) -> list[float]:
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > tolerance:
            places.append(at)
    return places


def _table(lines: list[Rule], posts: list[Rule], tolerance: float) -> RuledTable | None:
    rows, columns = _places(lines, tolerance), _places(posts, tolerance)
    height, width = len(rows) - 1, len(columns) - 1
    if height < 1 or width < 1 or height * width < 2 or height * width > 50_000:
        return None

    def has_post(row: int, column: int) -> bool:
        """Whether a line stands left of the cell at (row, column)."""
        middle = (rows[row] + rows[row + 1]) / 2
        return any(
            abs(post.at - columns[column]) <= tolerance
            and post.start - tolerance <= middle <= post.end + tolerance
            for post in posts
        )

    def has_line(row: int, column: int) -> bool:
        """Whether a line lies above the cell at (row, column)."""
        middle = (columns[column] + columns[column + 1]) / 2
        return any(
            abs(line.at - rows[row]) <= tolerance and line.start - tolerance <= middle <= line.end + tolerance
            for line in lines
        )

    left = [[column == 0 or has_post(row, column) for column in range(width)] for row in range(height)]
    above = [[row == 0 or has_line(row, column) for column in range(width)] for row in range(height)]
    taken = [[False] * width for _ in range(height)]
    cells: list[GridCell] = []
    for row in range(height):
        for column in range(width):
            if taken[row][column]:
                continue
            last = column + 1
            while last < width and not left[row][last] and not taken[row][last]:
                last += 1
            bottom = row + 1
            while bottom < height and not any(
                above[bottom][one] or taken[bottom][one] for one in range(column, last)
            ):
                bottom += 1
            for y in range(row, bottom):
                taken[y][column:last] = [True] * (last - column)
            cells.append(
                GridCell(
                    row + 1,
                    column + 1,
                    bottom - row,
                    last - column,
                    columns[column],
                    rows[row],
                    columns[last],
                    rows[bottom],
                )
            )
    return RuledTable(tuple(columns), tuple(rows), tuple(cells))
