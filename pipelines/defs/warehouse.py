"""The raw tables as assets: what the stages handed over, in DuckDB."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from pipelines.defs.presentation import sentences
from pipelines.night import load_warehouse
from pipelines.settings import get_settings
from schemas.frames import columns, table_description
from schemas.tables import RAW_TABLES

UPSTREAM = {
    "documents": ["documents", "blocks", "statements", "facts"],
    "statements": ["statements", "facts"],
    "facts": ["facts"],
    "unmatched": ["unmatched"],
    "rejects": ["rejects"],
    "released_cells": ["documents"],
}


def raw_key(table: str) -> dg.AssetKey:
    """The asset of a raw table, under the key that dbt gives to its source."""
    return dg.AssetKey(["raw", table])


@dg.multi_asset(
    name="raw",
    specs=[
        dg.AssetSpec(
            raw_key(name),
            deps=UPSTREAM[name],
            description=table_description(model),
            kinds={"duckdb"},
            metadata={
                "dagster/column_schema": dg.TableSchema(
                    columns=[
                        dg.TableColumn(
                            column.name,
                            type=column.duckdb_type,
                            description=column.description,
                            constraints=dg.TableColumnConstraints(nullable=column.nullable),
                        )
                        for column in columns(model)
                    ]
                )
            },
        )
        for name, model in RAW_TABLES.items()
    ],
    group_name="warehouse",
)
def raw() -> Iterator[dg.MaterializeResult[None]]:
    """All raw tables, replaced in one transaction: whatever fails, they stay as they were."""
    with sentences():
        loaded = load_warehouse(get_settings())
    for name, rows in loaded.rows.items():
        metadata: dict[str, int] = {"dagster/row_count": rows}
        if name == "facts":
            metadata |= {"new_facts": loaded.new_facts, "facts_gone": loaded.gone_facts}
        yield dg.MaterializeResult(asset_key=raw_key(name), metadata=metadata)
