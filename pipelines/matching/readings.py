"""How a statement ended, and what only the whole document tells of its readings.

A title that the text repeats, parts beside a total, years that stand elsewhere, rounded repeats: what a
figure's own words cannot say. What they can say is the business of match.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from pipelines.extraction.statement import Statement
from pipelines.matching.catalog import AdminUnit
from pipelines.matching.indicators import Match


class Reading(NamedTuple):
    """How one statement ended: a fact, an unmatched label, or a reject with its reason.

    `shares_value_with` is the position, among the document's readings, of the one with which a
    printed value is shared.
    """

    statement: Statement
    outcome: str
    reason_code: str | None = None
    detail: str = ""
    match: Match | None = None
    unit: AdminUnit | None = None
    place_basis: str | None = None
    segment: str | None = None
    segment_type: str | None = None
    shares_value_with: int | None = None


def after_all(readings: list[Reading]) -> list[Reading]:
    """What only the whole document tells of its facts: parts of a total, years, rounded repeats."""
    told = _without_told_headlines(readings)
    return _without_rounded_repeats(_dated_by_repeats(_parts_beside_total(told)))


def _without_told_headlines(readings: list[Reading]) -> list[Reading]:
    """A title states a fact only where the text states nothing of that indicator."""
    told = {r.match.code for r in readings if r.match is not None and r.statement.figure_role == "level"}
    return [
        Reading(reading.statement, "reject", "headline")
        if reading.statement.figure_role == "headline"
        and reading.outcome != "reject"
        and (reading.match is None or reading.match.code in told or reading.match.matched_by == "context")
        else reading
        for reading in readings
    ]


def _parts_beside_total(readings: list[Reading]) -> list[Reading]:
    """Columns beside one called "Tổng số" of the same indicator are of parts: "Cột loại A2a"."""
    rows: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, reading in enumerate(readings):
        statement = reading.statement
        if reading.outcome == "fact" and statement.table_row is not None and reading.segment is None:
            place = (statement.table_no, statement.table_row, statement.year, statement.kind)
            rows[(*place, reading.match.code if reading.match else None)].append(number)
    for numbers in rows.values():
        totals = [n for n in numbers if _TOTAL_LABEL.match(readings[n].statement.label)]
        if len(totals) == 1:
            for number in set(numbers) - set(totals):
                label = readings[number].statement.label
                readings[number] = readings[number]._replace(segment=label, segment_type="group")
    return readings


def _dated_by_repeats(readings: list[Reading]) -> list[Reading]:
    """Give a fact without a year the only year that the same document states for the very same value."""
    years: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for reading in readings:
        if reading.outcome == "fact" and reading.statement.year is not None:
            years[_said(reading)].add(reading.statement.year)
    return [
        reading._replace(statement=replace(reading.statement, year=next(iter(found)), year_basis="repeat"))
        if reading.outcome == "fact"
        and reading.statement.year is None
        and len(found := years.get(_said(reading), set())) == 1
        else reading
        for reading in readings
    ]


def _said(reading: Reading) -> tuple[object, ...]:
    return (*_series(reading), reading.statement.kind, reading.statement.value)


def _series(reading: Reading) -> tuple[str | None, str | None, str | None]:
    """Codes of indicator and unit, and the part: what a fact is of, whenever it is."""
    return (
        reading.match.code if reading.match else None,
        reading.unit.code if reading.unit else None,
        reading.segment,
    )


def _without_rounded_repeats(readings: list[Reading]) -> list[Reading]:
    """Drop "hơn 16.000 trạm" where the same document states 16.737 for the same thing."""
    bounded = [number for number, reading in enumerate(readings) if _is_bounded(reading)]
    if not bounded:
        return readings
    cells = {_cell(readings[number]) for number in bounded}
    exact: dict[tuple[object, ...], set[float]] = defaultdict(set)
    for reading in readings:
        statement = reading.statement
        if (
            reading.outcome == "fact"
            and statement.comparator == "="
            and not statement.approximate
            and statement.value
        ):
            cell = _cell(reading)
            if cell in cells:
                exact[cell].add(statement.value)
    for number in bounded:
        statement = readings[number].statement
        near = [v for v in exact[_cell(readings[number])] if _rounds_to(v, statement.value or 0.0)]
        if near:
            readings[number] = Reading(statement, "reject", "rounded_repeat", f"{min(near):g}")
    return readings


_ROUNDING_SHARE = 0.06
_TOTAL_LABEL = re.compile(r"\W*tổng(?: số| cộng)?(?!\w)", re.IGNORECASE)


def _is_bounded(reading: Reading) -> bool:
    statement = reading.statement
    bounded = statement.comparator in {">", "<"} or statement.approximate
    return bounded and reading.outcome == "fact" and statement.kind != "target"


def _rounds_to(exact: float, printed: float) -> bool:
    """Whether a printed value is another one with its last digits left out.

    >>> _rounds_to(16737, 16000), _rounds_to(125_700_000, 128_300_000)
    (True, False)
    """
    digits = Decimal(repr(printed)).normalize().as_tuple().exponent
    step = 10.0 ** int(digits) if isinstance(digits, int) else 0.0
    near = abs(exact - printed) <= min(step, _ROUNDING_SHARE * abs(exact))
    return exact != printed and near


def _cell(reading: Reading) -> tuple[object, ...]:
    return (*_series(reading), reading.statement.year, reading.statement.kind == "target")
