"""Extraction as an asset: blocks to statements."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.presentation import counts, sentences, table
from pipelines.night import extract_statements
from pipelines.settings import get_settings


@dg.asset(deps=["blocks"], group_name="extraction", kinds={"parquet"})
def statements() -> dg.MaterializeResult[None]:
    """One row per candidate figure of every document known so far.

    Those of documents read this night are new; the others come from the warehouse as they were.
    """
    with sentences():
        extracted = extract_statements(get_settings())
    frame = extracted.statements
    return dg.MaterializeResult(
        metadata={
            "rows": frame.height,
            "new": extracted.new_count,
            "from_earlier_nights": frame.height - extracted.new_count,
            "figure_roles": dg.MetadataValue.json(counts(frame, "figure_role")),
            "kinds": dg.MetadataValue.json(counts(frame, "kind")),
            "sample": table(frame.select("label", "value_text", "unit", "year", "kind", "quote")),
        }
    )
