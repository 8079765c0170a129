"""Contract of raw.facts."""

from __future__ import annotations

import datetime as dt

import pandera.polars as pa
import polars as pl

from schemas.closed_lists import (
    ADMIN_UNIT_LEVELS,
    COMPARATORS,
    FACT_OBS_STATUSES,
    KINDS,
    SEGMENT_TYPES,
    UNITS,
)
from schemas.contract import Contract

# Some sources print 105,48 %: above 100 is suspicious, above this it is a reading error.
PERCENT_LIMIT = 1000.0


class Facts(Contract):
    """One row per statement whose indicator and administrative unit are recognised.

    The year may be null: the text does not always say it, and it is not guessed. Sources print
    percentages above 100; they are kept here and marked by a warning further on.
    """

    fact_id: str = pa.Field(unique=True, str_length={"min_value": 1}, description="the same as statement_id")
    statement_id: str = pa.Field(unique=True, description="the statement it was recognised from")
    document_id: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="the document it stands in")
    indicator_code: str = pa.Field(str_matches=r"^[a-z0-9_]+$", description="code of the catalog")
    admin_unit_code: str = pa.Field(description="code of the administrative unit, leading zeros kept")
    admin_unit_valid_from: dt.date = pa.Field(description="first day of the unit meant: codes are reused")
    admin_unit_level: str = pa.Field(
        isin=ADMIN_UNIT_LEVELS, description="country, province, district or commune"
    )
    admin_unit_name: str = pa.Field(description="official name of the unit")
    year: pl.Int32 = pa.Field(
        nullable=True, ge=1990, le=2100, description="year it refers to; null if unsaid"
    )
    as_of: dt.date = pa.Field(
        nullable=True, description="last day of the month, quarter or date that the text gives"
    )
    kind: str = pa.Field(isin=KINDS, description="actual, estimate or baseline (observations), or target")
    value: float = pa.Field(ge=0, description="value in its unit; percent 0-100, yes/no 1/0")
    value_max: float = pa.Field(nullable=True, ge=0, description="upper end, where a range is printed")
    unit: str = pa.Field(isin=UNITS, description="unit of the indicator in the catalog")
    numerator: float = pa.Field(nullable=True, ge=0, description="upper part of a stated fraction")
    denominator: float = pa.Field(nullable=True, ge=0, description="lower part of a stated fraction")
    comparator: str = pa.Field(isin=COMPARATORS, description="how the figure is bounded")
    approximate: bool = pa.Field(description="printed as about, nearly")
    segment: str = pa.Field(nullable=True, description="the part of the whole that the figure is about")
    segment_type: str = pa.Field(
        nullable=True,
        isin=SEGMENT_TYPES,
        description="group, area, level or field; parent_row: a table row that is a part of the row above it",
    )
    is_headline: bool = pa.Field(
        description="may stand in the marts: whole, confident, with a year and a unit"
    )
    obs_status: str = pa.Field(
        isin=FACT_OBS_STATUSES,
        description="SDMX observation status: A normal, E estimated, P provisional, V unvalidated",
    )
    matched_by: str = pa.Field(description="the rule or catalog entry that recognised the indicator")
    confidence: float = pa.Field(ge=0, le=1, description="how sure the recognition is, 0 to 1")
    year_basis: str = pa.Field(nullable=True, description="the rule that decided the year")
    kind_basis: str = pa.Field(nullable=True, description="the rule that decided the kind")
    place_basis: str = pa.Field(nullable=True, description="the rule that decided the place")
    label: str = pa.Field(nullable=True, description="the words that name the figure, as printed")
    quote: str = pa.Field(description="the words it was read from")
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

    @pa.dataframe_check(name="a percentage of at most 1000")
    @classmethod
    def _percent_is_possible(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select((pl.col("unit") != "percent") | (pl.col("value") <= PERCENT_LIMIT))

    @pa.dataframe_check(name="yes/no as 1 or 0")
    @classmethod
    def _yes_no_is_one_or_zero(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select((pl.col("unit") != "boolean") | pl.col("value").is_in([0.0, 1.0]))
