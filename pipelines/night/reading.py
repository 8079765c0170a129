"""The reading stage: bytes of new documents to blocks. How a format is read is the business of pipelines.reading."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.batches.batch import Batch, rejects_frame
from pipelines.batches.reading import BLOCKS, TEXTS, read_batch
from pipelines.night.handover import concatenated, read_stage, write_stage
from pipelines.night.workers import spread
from pipelines.reading.rejection import Rejection
from pipelines.settings import Settings
from schemas.frames import empty_frame, polars_schema
from schemas.reasons import reason_sentence
from schemas.rejects import Rejects

EMPTY: Batch = {
    "blocks": pl.DataFrame(schema=BLOCKS),
    "texts": pl.DataFrame(schema=TEXTS),
    "rejects": empty_frame(Rejects),
}


@dataclass(frozen=True)
class BlocksRead:
    """What reading gave this night: blocks of new documents, and the documents that could not be read."""

    blocks: pl.DataFrame
    rejects: pl.DataFrame
    document_count: int


def read_blocks(settings: Settings) -> BlocksRead:
    """Blocks of the documents that are new this night."""
    new = read_stage(settings, "inventory").filter(status="new").select("document_id", "path", "byte_count")
    read = concatenated(spread(settings, read_batch, new, {}, lost_document), EMPTY)
    write_stage(settings, "blocks", read["blocks"])
    write_stage(settings, "texts", read["texts"])
    write_stage(settings, "rejects_of_reading", read["rejects"])
    return BlocksRead(read["blocks"], read["rejects"], read["texts"].height)


def lost_document(batch: Batch) -> Batch:
    """The result of a document that ended its worker each time it was tried."""
    rejects = [
        Rejection(
            path,
            document_id,
            "reader_failed",
            reason_sentence("reader_failed", path, "it ended its worker three times"),
        )
        for document_id, path in batch["documents"].select("document_id", "path").iter_rows()
    ]
    return {"rejects": rejects_frame(rejects, polars_schema(Rejects))}
