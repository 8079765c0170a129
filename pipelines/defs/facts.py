"""Matching as assets: statements to facts, unmatched labels and rejects."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from pipelines.defs.presentation import counts, sentences, table
from pipelines.night import match_facts
from pipelines.settings import get_settings


@dg.multi_asset(
    name="matching",
    specs=[
        dg.AssetSpec(
            "facts",
            deps=["statements", "catalog"],
            description="One row per statement whose indicator and administrative unit are recognised.",
            kinds={"parquet"},
        ),
        dg.AssetSpec(
            "unmatched",
            deps=["statements", "catalog"],
            description="One row per distinct label that no entry of the catalog recognises, for review.",
            kinds={"parquet"},
        ),
        dg.AssetSpec(
            "rejects",
            deps=["documents", "blocks", "statements", "catalog"],
            description="One row per document, block or statement that cannot be used, with the reason.",
            kinds={"parquet"},
        ),
    ],
    group_name="matching",
)
def matching() -> Iterator[dg.MaterializeResult[None]]:
    """Each statement becomes a fact, waits unmatched for review, or is rejected with a reason.

    Run whole every night, since the catalog may have changed.
    """
    with sentences():
        matched = match_facts(get_settings())
    yield dg.MaterializeResult(
        asset_key="facts",
        metadata={
            "rows": matched.facts.height,
            "indicators": matched.facts["indicator_code"].n_unique(),
            "administrative_units": matched.facts.select(
                "admin_unit_code", "admin_unit_valid_from"
            ).n_unique(),
            "kinds": dg.MetadataValue.json(counts(matched.facts, "kind")),
            "matched_by": dg.MetadataValue.json(counts(matched.facts, "matched_by")),
            "sample": table(
                matched.facts.select(
                    "indicator_code", "admin_unit_name", "year", "kind", "comparator", "value", "unit"
                )
            ),
        },
    )
    yield dg.MaterializeResult(
        asset_key="unmatched",
        metadata={
            "rows": matched.unmatched.height,
            "statements": int(matched.unmatched["statement_count"].sum()),
            "most_frequent": table(
                matched.unmatched.sort(["statement_count", "label_key"], descending=[True, False]).select(
                    "label", "statement_count", "units", "nearest_indicator_1", "nearest_score"
                )
            ),
        },
    )
    yield dg.MaterializeResult(
        asset_key="rejects",
        metadata={
            "rows": matched.rejects.height,
            "levels": dg.MetadataValue.json(counts(matched.rejects, "level")),
            "reasons": dg.MetadataValue.json(counts(matched.rejects, "reason_code")),
            "documents": table(
                matched.rejects.filter(level="document").select("path", "reason_code", "reason")
            ),
            "sample": table(matched.rejects.select("level", "reason_code", "path", "quote")),
        },
    )
