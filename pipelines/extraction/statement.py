"""The statement: a candidate figure with the words around it, before any catalog is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class Statement:
    """One candidate figure of one block; the fields are those of schemas.statements."""

    block_no: int
    char_start: int
    char_end: int
    quote: str
    value_text: str
    value: float | None
    unit: str
    label: str
    label_left: str
    label_right: str
    label_context: str
    label_heading: str
    clause: str
    attach: str
    figure_role: str = "level"
    value_max: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    comparator: str = "="
    approximate: bool = False
    kind: str = "actual"
    kind_basis: str = "document"
    obs_status: str = "A"
    year: int | None = None
    year_basis: str | None = None
    as_of: date | None = None
    place_text: str | None = None
    place_basis: str | None = None
    segment: str | None = None
    segment_type: str | None = None
    table_no: int | None = None
    table_row: int | None = None
    table_column: int | None = None
    page: int | None = None
