"""Contract of raw.unmatched."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract


class Unmatched(Contract):
    """One row per distinct label that no entry of the catalog recognises, for review.

    The label is shown in its commonest printed form; the nearest indicators are suggestions only.
    """

    label_key: str = pa.Field(
        unique=True, description="normal form of the label; empty where nothing names the figure"
    )
    label: str = pa.Field(nullable=True, description="commonest printed form of the label")
    statement_count: pl.Int32 = pa.Field(ge=1, description="statements with this label")
    document_count: pl.Int32 = pa.Field(ge=1, description="documents with this label")
    units: str = pa.Field(nullable=True, description="units it was printed with, sorted, with commas between")
    sample_quote: str = pa.Field(description="words of one statement with this label")
    sample_document_id: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="document of the sample")
    nearest_indicator_1: str = pa.Field(nullable=True, description="code of the nearest indicator")
    nearest_indicator_2: str = pa.Field(nullable=True, description="code of the second nearest indicator")
    nearest_indicator_3: str = pa.Field(nullable=True, description="code of the third nearest indicator")
    nearest_score: float = pa.Field(nullable=True, ge=0, description="likeness of the nearest indicator")
