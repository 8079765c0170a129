"""The matching stage: statements to facts, unmatched labels and rejects, by the catalog as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher
from pipelines.night.handover import concatenated, frame_of, read_stage, write_stage
from pipelines.night.reading import lost_document
from pipelines.night.rows import Row, admin_unit_fields, matched_rows, statement_of, unmatched_rows
from pipelines.night.workers import Batch, Place, spread
from pipelines.settings import Settings
from pipelines.warehouse.memory import fingerprint
from pipelines.warehouse.state import unmatched_statements
from schemas.documents import Documents
from schemas.facts import Facts
from schemas.frames import empty_frame, validated
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


def match_batch(place: Place, batch: Batch) -> Batch:
    """Rows of the raw tables for the documents of a batch and their statements; runs in a worker."""
    matcher = matcher_of(place.seeds_dir)
    by_document = {
        key[0]: group for key, group in batch["statements"].group_by("document_id", maintain_order=True)
    }
    placed: list[Row] = []
    statements: list[Row] = []
    facts: list[Row] = []
    rejects: list[Row] = []
    for document in batch["documents"].iter_rows(named=True):
        group = by_document.get(document["document_id"])
        rows = [] if group is None else group.to_dicts()
        objects = [statement_of(row) for row in rows]
        matched = matcher.match_document(
            document["place_text"] or "",
            document["issued_on"],
            document["reference_year"],
            objects,
            document["title"],
        )
        result = matched_rows(document["path"], rows, objects, matched, matcher.catalog.confidence_bar)
        place_found = matched.place.unit if document["status"] == "read" else None
        placed.append(document | admin_unit_fields(place_found))
        statements += result.statements
        facts += result.facts
        rejects += result.rejects
    return {
        "documents": frame_of(placed, Documents),
        "statements": frame_of(statements, Statements),
        "facts": frame_of(facts, Facts),
        "rejects": frame_of(rejects, Rejects),
    }


def matcher_of(seeds_dir: Path) -> Matcher:
    """The matcher for the catalog as it is now; made once for each state of the catalog."""
    return _matcher(seeds_dir, fingerprint(seeds_dir, suffixes={".csv"}))


@cache
def _matcher(seeds_dir: Path, catalog: str) -> Matcher:
    del catalog  # another catalog needs another matcher
    return Matcher(load_catalog(seeds_dir))


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
    indicators = matcher_of(settings.seeds_dir).indicators
    return labels, frame_of(unmatched_rows(rows.iter_rows(named=True), indicators), Unmatched)
