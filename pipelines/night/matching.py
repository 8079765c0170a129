"""The matching stage: statements to facts, unmatched labels and rejects, by the catalog as it is now."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.batches.batch import Batch, frame_of
from pipelines.batches.matching import match_batch, matcher_of
from pipelines.batches.rows import unmatched_rows
from pipelines.night.handover import concatenated, read_stage, write_stage
from pipelines.night.reading import lost_document
from pipelines.night.versions import catalog_fingerprint
from pipelines.night.workers import end_workers, spread
from pipelines.settings import Settings
from pipelines.warehouse.state import unmatched_statements
from schemas.documents import Documents
from schemas.facts import Facts
from schemas.frames import empty_frame, polars_schema, validated
from schemas.rejects import Rejects
from schemas.statements import Statements
from schemas.unmatched import Unmatched

EMPTY: Batch = {
    "documents": empty_frame(Documents),
    "statements": empty_frame(Statements),
    "facts": empty_frame(Facts),
    "rejects": empty_frame(Rejects),
}


@dataclass(frozen=True)
class Matched:
    """The rows of the documents that this night touches, as they will be loaded.

    ``unmatched`` are the labels that these documents have or had, counted over all documents.
    """

    facts: pl.DataFrame
    unmatched: pl.DataFrame
    rejects: pl.DataFrame


def match_facts(settings: Settings) -> Matched:
    """Facts, unmatched labels and rejects of the documents that the night touches, by the catalog as it is now."""
    documents = read_stage(settings, "documents")
    statements = read_stage(settings, "statements")
    matched = concatenated(spread(settings, match_batch, documents, {"statements": statements}, _lost), EMPTY)
    # No later stage needs them.
    end_workers()
    checked = validated(matched["facts"], Facts)
    failed = checked.bad["statement_id"].implode()
    outcomes = matched["statements"].with_columns(
        pl.when(pl.col("statement_id").is_in(failed))
        .then(pl.lit("reject"))
        .otherwise(pl.col("outcome"))
        .alias("outcome")
    )
    labels, unmatched = _unmatched(settings, documents, outcomes)
    tables = {
        "documents": matched["documents"],
        "statements": outcomes,
        "facts": checked.good,
        "unmatched": unmatched,
        "rejects": pl.concat(
            [
                *(
                    read_stage(settings, f"rejects_of_{stage}")
                    for stage in ("inventory", "reading", "extraction")
                ),
                matched["rejects"],
                checked.rejects,
            ]
        ).unique("reject_id", keep="first", maintain_order=True),
    }
    for name, frame in tables.items():
        write_stage(settings, name, frame)
    write_stage(settings, "labels", labels)
    return Matched(tables["facts"], tables["unmatched"], tables["rejects"])


def _lost(batch: Batch) -> Batch:
    """A document that ended its worker each time it was matched: rejected, with none of its statements."""
    documents = batch["documents"].with_columns(
        pl.lit("rejected").alias("status"), pl.lit(0, pl.Int32).alias("statement_count")
    )
    return {"documents": documents} | lost_document(batch)


def _unmatched(
    settings: Settings, documents: pl.DataFrame, statements: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(keys of labels whose rows have to be made again, these rows counted over all documents)."""
    columns = ["label_key", "label", "document_id", "block_no", "char_start", "statement_id", "unit", "quote"]
    here = statements.filter(outcome="unmatched").select(columns)
    labels, elsewhere = unmatched_statements(settings.warehouse, documents, here["label_key"], columns)
    rows = pl.concat([here, elsewhere])
    if rows.is_empty():
        return labels, empty_frame(Unmatched)
    indicators = matcher_of(settings.seeds_dir, catalog_fingerprint(settings)).indicators
    return labels, frame_of(unmatched_rows(rows.iter_rows(named=True), indicators), polars_schema(Unmatched))
