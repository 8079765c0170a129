"""Contract of raw.statements."""

from __future__ import annotations

import datetime as dt

import pandera.polars as pa
import polars as pl

from schemas.closed_lists import (
    ATTACHMENTS,
    COMPARATORS,
    FIGURE_ROLES,
    KINDS,
    OUTCOMES,
    SEGMENT_TYPES,
    STATEMENT_OBS_STATUSES,
    UNITS,
)
from schemas.contract import Contract


class Statements(Contract):
    """One row per candidate figure: a printed value, or a table cell where one is expected.

    Knows nothing of the indicator list. A blank cell, "-", "0" and "chưa có số liệu" differ by
    figure_role; only "0" has the value 0. Two indicators that share one printed value are two
    statements, the second naming the first in shares_value_with.
    """

    statement_id: str = pa.Field(
        unique=True,
        str_length={"min_value": 1},
        description="stable identity: document, block and place in it",
    )
    document_id: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="the document it was found in")
    block_no: pl.Int32 = pa.Field(ge=0, description="block of the document, in reading order")
    char_start: pl.Int32 = pa.Field(
        ge=0, description="first character of the quote in the text of the document"
    )
    char_end: pl.Int32 = pa.Field(
        ge=0, description="character after the last one of the quote in the text of the document"
    )
    page: pl.Int32 = pa.Field(nullable=True, ge=1, description="page, where the format has pages")
    table_no: pl.Int32 = pa.Field(
        nullable=True, ge=0, description="table of the document, where it is in one"
    )
    table_row: pl.Int32 = pa.Field(nullable=True, ge=0, description="row of the table")
    table_column: pl.Int32 = pa.Field(nullable=True, ge=0, description="column of the table")
    quote: str = pa.Field(description="the words it was read from")
    value_text: str = pa.Field(nullable=True, description="the figure as printed")
    value: float = pa.Field(
        nullable=True, description="the figure in its unit; yes/no is 1/0; null when blank or no number"
    )
    value_max: float = pa.Field(nullable=True, description="upper end, where a range is printed")
    unit: str = pa.Field(
        nullable=True, isin=UNITS, description="percent is 0-100, counts absolute, speeds in Mbps"
    )
    numerator: float = pa.Field(nullable=True, description="upper part of a stated fraction")
    denominator: float = pa.Field(nullable=True, description="lower part of a stated fraction")
    comparator: str = pa.Field(isin=COMPARATORS, description="'trên' is >, 'trở lên' is >=, 'dưới' is <")
    approximate: bool = pa.Field(description="'khoảng', 'xấp xỉ', 'gần'")
    figure_role: str = pa.Field(
        isin=FIGURE_ROLES, description="what the figure is; only a level can become a fact"
    )
    label: str = pa.Field(nullable=True, description="the words that name the figure, as printed")
    label_left: str = pa.Field(nullable=True, description="words before the figure")
    label_right: str = pa.Field(nullable=True, description="words after the figure")
    label_context: str = pa.Field(nullable=True, description="heading or parent row that completes the label")
    label_heading: str = pa.Field(nullable=True, description="heading under which the figure stands")
    attach: str = pa.Field(
        nullable=True,
        isin=ATTACHMENTS,
        description="where the words that name the figure stand: left, right, both or table",
    )
    label_key: str = pa.Field(nullable=True, description="normal form of the label")
    clause: str = pa.Field(nullable=True, description="the clause around the figure")
    kind: str = pa.Field(nullable=True, isin=KINDS, description="actual, estimate, baseline or target")
    kind_basis: str = pa.Field(nullable=True, description="the rule that decided the kind")
    obs_status: str = pa.Field(
        nullable=True,
        isin=STATEMENT_OBS_STATUSES,
        description="SDMX observation status: A normal, E estimated, P provisional, O present but empty",
    )
    year: pl.Int32 = pa.Field(
        nullable=True, ge=1990, le=2100, description="year the figure refers to; null if unsaid"
    )
    year_basis: str = pa.Field(nullable=True, description="the rule that decided the year")
    as_of: dt.date = pa.Field(
        nullable=True, description="last day of the month, quarter or date that the text gives"
    )
    place_text: str = pa.Field(
        nullable=True, description="place as printed; null when the document's own holds"
    )
    place_basis: str = pa.Field(nullable=True, description="the rule that decided the place")
    segment: str = pa.Field(nullable=True, description="the part of the whole that the figure is about")
    segment_type: str = pa.Field(nullable=True, isin=SEGMENT_TYPES, description="what kind of part it is")
    shares_value_with: str = pa.Field(
        nullable=True, description="statement with which one printed value is shared"
    )
    outcome: str = pa.Field(
        nullable=True, isin=OUTCOMES, description="fact, unmatched or reject; null before matching"
    )
