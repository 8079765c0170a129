"""The extraction stage: statements of what was read this night, and which stored documents are matched again.

What it hands on are the documents that the night touches, with all their statements; the others stay in the
warehouse as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.batches.batch import Batch, frame_of
from pipelines.batches.extraction import extract_batch
from pipelines.batches.rows import rejected_document_row
from pipelines.extraction.extract import extractor_version
from pipelines.night.handover import concatenated, read_stage, write_stage
from pipelines.night.inventory import night_time, raw_file_of
from pipelines.night.reading import lost_document
from pipelines.night.versions import matched_with
from pipelines.night.workers import spread
from pipelines.settings import Settings
from pipelines.warehouse.memory import MATCHED_WITH, read_marks
from pipelines.warehouse.state import stored_documents, stored_rows
from schemas.documents import Documents
from schemas.frames import empty_frame, polars_schema, validated
from schemas.rejects import Rejects
from schemas.statements import Statements

READING_ORDER = ("document_id", "block_no", "char_start", "table_row", "table_column", "statement_id")
EMPTY: Batch = {
    "documents": empty_frame(Documents),
    "statements": empty_frame(Statements),
    "rejects": empty_frame(Rejects),
}


@dataclass(frozen=True)
class StatementsFound:
    """Statements of the documents that this night touches, and how many of them were found this night."""

    statements: pl.DataFrame
    new_count: int


def extract_statements(settings: Settings) -> StatementsFound:
    """Statements of the documents read this night, and the stored ones of documents to be matched again.

    Stored documents stay when their file is gone or cannot be used any more: nothing is lost. A document or
    statement that breaks its contract becomes a reject and does not go on. A stored document is matched again
    when its file has moved, gone or come back, and all are when catalog or matching have changed.
    """
    inventory = read_stage(settings, "inventory")
    usable = inventory.filter(pl.col("status") != "rejected")
    found = _found(settings, usable)
    taken = found["documents"]["document_id"]
    unread = _unreadable(settings, usable, taken)
    rematched = _to_match_again(settings, inventory, pl.concat([taken, unread["document_id"]]))
    statements = stored_rows(settings.warehouse, "statements", Statements, rematched)
    blocks_left_out = _blocks_left_out(settings, rematched)
    write_stage(
        settings,
        "documents",
        pl.concat([found["documents"], rematched, unread]).sort("path", "document_id"),
    )
    # The same order whether found this night or stored, so that matching says the same of both. What matching
    # added for a shared value will be added again; outcomes are decided anew.
    kept = statements.filter(pl.col("shares_value_with").is_null()).with_columns(
        pl.lit(None, dtype=pl.String).alias("outcome")
    )
    write_stage(settings, "statements", pl.concat([found["statements"], kept]).sort(READING_ORDER))
    write_stage(settings, "rejects_of_extraction", pl.concat([found["rejects"], blocks_left_out]))
    write_stage(settings, "gone", _gone(settings, usable))
    return StatementsFound(read_stage(settings, "statements"), new_count=found["statements"].height)


def _found(settings: Settings, usable: pl.DataFrame) -> Batch:
    """Documents and statements of what was read this night, those that keep their contracts."""
    texts = read_stage(settings, "texts").join(
        usable.select("document_id", "received_at"), on="document_id", how="left"
    )
    blocks = read_stage(settings, "blocks")
    found = concatenated(spread(settings, extract_batch, texts, {"blocks": blocks}, lost_document), EMPTY)
    documents = validated(found["documents"], Documents)
    statements = validated(found["statements"], Statements)
    taken = documents.good["document_id"].implode()
    return {
        "documents": documents.good,
        "statements": statements.good.filter(pl.col("document_id").is_in(taken)),
        "rejects": pl.concat(
            [
                found["rejects"],
                documents.rejects,
                # A statement outside its contract is no row of raw.statements: what is rejected is its block.
                statements.rejects.with_columns(
                    pl.lit("block").alias("level"), pl.lit(None, pl.String).alias("statement_id")
                ),
            ]
        ),
    }


def _to_match_again(settings: Settings, inventory: pl.DataFrame, done: pl.Series) -> pl.DataFrame:
    """Stored documents, as they are now, whose rows the night has to make again; those of ``done`` are new."""
    known = inventory.filter(status="known").select("document_id", pl.col("path").alias("present_path"))
    # A file that is there but cannot be used tonight has not been withdrawn.
    is_present = pl.col("document_id").is_in(inventory["document_id"].drop_nulls().implode()) | pl.col(
        "stored_path"
    ).is_in(inventory.filter(status="rejected")["path"].implode())
    now = (
        stored_documents(settings.warehouse)
        .filter((pl.col("stored_status") == "read") & ~pl.col("document_id").is_in(done.implode()))
        .join(known, on="document_id", how="left")
        .select(
            "document_id",
            pl.coalesce("present_path", "stored_path").alias("path"),
            pl.when(is_present)
            .then(None)
            .otherwise(pl.coalesce("stored_withdrawn_at", pl.lit(night_time(settings), pl.Datetime("us"))))
            .alias("withdrawn_at"),
            "stored_path",
            "stored_withdrawn_at",
        )
    )
    if read_marks(settings.warehouse).get(MATCHED_WITH) == matched_with(settings):
        has_moved = pl.col("path") != pl.col("stored_path")
        has_gone_or_come = pl.col("withdrawn_at").is_null() != pl.col("stored_withdrawn_at").is_null()
        now = now.filter(has_moved | has_gone_or_come)
    return (
        stored_rows(settings.warehouse, "documents", Documents, now)
        .drop("path", "withdrawn_at")
        .join(now.select("document_id", "path", "withdrawn_at"), on="document_id")
        .select(Documents.to_schema().columns.keys())
    )


def _blocks_left_out(settings: Settings, documents: pl.DataFrame) -> pl.DataFrame:
    """Rejects of blocks as reading made them, under the present paths of their documents."""
    stored = stored_rows(settings.warehouse, "rejects", Rejects, documents).filter(level="block")
    return (
        stored.drop("path")
        .join(documents.select("document_id", "path"), on="document_id", maintain_order="left")
        .select(stored.columns)
    )


def _unreadable(settings: Settings, usable: pl.DataFrame, taken: pl.Series) -> pl.DataFrame:
    """Rows of the documents that are in the folder but could not be read, with what their sidecars say."""
    unread = usable.filter(
        (pl.col("status") == "new")
        & ~pl.col("document_id").is_in(taken.implode())
        & pl.col("stored_status").ne_missing(pl.lit("read"))
    )
    extractor = extractor_version(settings.seeds_dir)
    rows = frame_of(
        [
            rejected_document_row(raw_file_of(settings, row), row["received_at"], extractor)
            for row in unread.iter_rows(named=True)
        ],
        polars_schema(Documents),
    )
    # One that is stored just so has not changed: a scan that waits for its recognition, night after night.
    stored = stored_rows(settings.warehouse, "documents", Documents, rows)
    return rows.join(stored, on=rows.columns, how="anti", nulls_equal=True)


def _gone(settings: Settings, usable: pl.DataFrame) -> pl.DataFrame:
    """Documents that could never be read and are not in the folder any more: there is nothing to keep of them."""
    return (
        stored_documents(settings.warehouse)
        .filter(
            (pl.col("stored_status") == "rejected")
            & ~pl.col("document_id").is_in(usable["document_id"].implode())
        )
        .select("document_id")
    )
