"""The inventory of the raw folder as an asset."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.presentation import counts, sentences, table
from pipelines.night import take_documents
from pipelines.settings import get_settings


@dg.asset(deps=["catalog"], group_name="reading", kinds={"file"})
def documents() -> dg.MaterializeResult[None]:
    """One row per file in the raw folder, by content hash.

    Says which are new, which are known from earlier nights and not read again, and which cannot be
    taken (empty, unreadable, a wrong sidecar, a second copy).
    """
    with sentences():
        documents_taken = take_documents(get_settings())
    inventory = documents_taken.inventory
    taken = counts(inventory, "status")
    return dg.MaterializeResult(
        metadata={
            "rows": inventory.height,
            "new": taken.get("new", 0),
            "known": taken.get("known", 0),
            "rejected": taken.get("rejected", 0),
            "opened": documents_taken.opened,
            "notes": dg.MetadataValue.json(documents_taken.notes),
            "sample": table(inventory.select("path", "status", "byte_count")),
        }
    )
