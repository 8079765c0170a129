"""Reading as an asset: bytes to blocks."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.presentation import counts, sentences, table
from pipelines.night import read_blocks
from pipelines.settings import get_settings


@dg.asset(deps=["documents"], group_name="reading", kinds={"parquet"})
def blocks() -> dg.MaterializeResult[None]:
    """One row per block (heading, paragraph, list item, table cell) of the documents read this night.

    Documents known from earlier nights are not read again, so a night without new documents has none.
    """
    with sentences():
        read = read_blocks(get_settings())
    return dg.MaterializeResult(
        metadata={
            "rows": read.blocks.height,
            "documents_read": read.document_count,
            "documents_rejected": read.rejects.height,
            "kinds": dg.MetadataValue.json(counts(read.blocks, "kind")),
            "sample": table(read.blocks.select("document_id", "block_no", "kind", "text")),
        }
    )
