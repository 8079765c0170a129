"""The extraction stage: statements of what was read this night, beside those stored before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.extraction.extract import extract, extractor_version, make_lexer
from pipelines.night.handover import frame_of, read_stage, released_database, write_stage
from pipelines.night.inventory import raw_file_of, vietnamese_time
from pipelines.night.reading import read_documents
from pipelines.night.rows import Row, document_row, rejected_document_row, statement_rows
from pipelines.settings import Settings
from pipelines.warehouse.state import Stored, read_stored
from schemas.documents import Documents
from schemas.frames import validated
from schemas.statements import Statements

READING_ORDER = ("document_id", "block_no", "char_start", "table_row", "table_column", "statement_id")


@dataclass(frozen=True)
class StatementsFound:
    """Statements of all documents known so far, and how many of them were found this night."""

    statements: pl.DataFrame
    new_count: int


def extract_statements(settings: Settings) -> StatementsFound:
    """Statements of all documents known so far: those read this night, and the stored ones of the others.

    Stored documents stay when their file is gone or cannot be used any more: nothing is lost.
    A document or statement that breaks its contract becomes a reject and does not go on.
    """
    inventory = read_stage(settings, "inventory")
    stored = read_stored(settings.warehouse, released_database(settings))
    received = dict(
        inventory.filter(pl.col("status") != "rejected").select("document_id", "received_at").iter_rows()
    )
    lexer = make_lexer(settings.seeds_dir)
    extractor = extractor_version(settings.seeds_dir)
    documents: list[Row] = []
    statements: list[Row] = []
    read = read_documents(settings)
    for document in read:
        extracted = extract(document, lexer)
        documents.append(document_row(extracted, received[document.file.document_id], extractor))
        statements.extend(statement_rows(document.file.document_id, extracted.statements))
    new_documents = validated(frame_of(documents, Documents), Documents)
    new_statements = validated(frame_of(statements, Statements), Statements)
    taken = new_documents.good["document_id"]
    found = new_statements.good.filter(pl.col("document_id").is_in(taken.implode()))
    kept = kept_from_before(stored, inventory, taken)
    unread = unreadable_documents(settings, inventory, [*taken, *kept.documents["document_id"]])
    write_stage(
        settings,
        "documents",
        marked_withdrawn(pl.concat([new_documents.good, kept.documents, unread]), inventory).sort(
            "path", "document_id"
        ),
    )
    # The same order whether found this night or stored, so that matching says the same of both.
    write_stage(settings, "statements", pl.concat([found, kept.statements]).sort(READING_ORDER))
    write_stage(
        settings,
        "rejects_of_extraction",
        # A statement outside its contract is no row of raw.statements: what is rejected is its block.
        pl.concat(
            [
                new_documents.rejects,
                new_statements.rejects.with_columns(
                    pl.lit("block").alias("level"), pl.lit(None, pl.String).alias("statement_id")
                ),
                kept.rejects,
            ]
        ),
    )
    return StatementsFound(read_stage(settings, "statements"), new_count=found.height)


def kept_from_before(stored: Stored, inventory: pl.DataFrame, taken: pl.Series) -> Stored:
    """What was stored of documents that were not read again this night, under their present paths.

    Statements that matching adds are left out, since it will add them again; outcomes are cleared.
    """
    paths = inventory.filter(status="known").select("document_id", pl.col("path").alias("present_path"))
    documents = (
        stored.documents.filter((pl.col("status") == "read") & ~pl.col("document_id").is_in(taken.implode()))
        .join(paths, on="document_id", how="left")
        .with_columns(pl.coalesce("present_path", "path").alias("path"))
        .drop("present_path")
    )
    ids = documents["document_id"].implode()
    return Stored(
        documents,
        stored.statements.filter(
            pl.col("document_id").is_in(ids) & pl.col("shares_value_with").is_null()
        ).with_columns(pl.lit(None, dtype=pl.String).alias("outcome")),
        stored.rejects.filter((pl.col("level") == "block") & pl.col("document_id").is_in(ids)),
    )


def marked_withdrawn(documents: pl.DataFrame, inventory: pl.DataFrame) -> pl.DataFrame:
    """Documents with the time since which their file is missing; cleared where the file has come back.

    A file that is there but cannot be used tonight has not been withdrawn.
    """
    is_present = pl.col("document_id").is_in(inventory["document_id"].drop_nulls().implode()) | pl.col(
        "path"
    ).is_in(inventory.filter(status="rejected")["path"].implode())
    return documents.with_columns(
        pl.when(is_present)
        .then(None)
        .otherwise(pl.coalesce("withdrawn_at", pl.lit(vietnamese_time(), pl.Datetime("us"))))
        .alias("withdrawn_at")
    )


def unreadable_documents(settings: Settings, inventory: pl.DataFrame, usable: Sequence[str]) -> pl.DataFrame:
    """Rows of the documents that are in the folder but could not be read, with what their sidecars say."""
    unread = inventory.filter(
        pl.col("status").is_in(["new", "known"]) & ~pl.col("document_id").is_in(list(usable))
    )
    extractor = extractor_version(settings.seeds_dir)
    return frame_of(
        [
            rejected_document_row(raw_file_of(settings, row), row["received_at"], extractor)
            for row in unread.iter_rows(named=True)
        ],
        Documents,
    )
