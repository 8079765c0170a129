"""The first stages: a valid catalog, and which documents are new this night and which are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import polars as pl

from pipelines.batches.batch import rejects_frame
from pipelines.batches.rows import Row
from pipelines.extraction.extract import extractor_version
from pipelines.matching.catalog import load_catalog
from pipelines.night.handover import released_database, unfinished_mark, write_stage
from pipelines.reading.inventory import RawFile, holds_a_document, take_inventory
from pipelines.reading.limits import current_limits
from pipelines.reading.read import READER_VERSION
from pipelines.reading.sidecar import read_sidecar
from pipelines.settings import Settings
from pipelines.warehouse.memory import LATEST_NIGHT, READ_WITHIN, read_marks, read_seen, seen_frame
from pipelines.warehouse.recovery import check_writable, prepare_warehouse
from pipelines.warehouse.state import stored_documents, stored_rows
from schemas.frames import polars_schema
from schemas.rejects import Rejects

INVENTORY = pl.Schema(
    {
        "path": pl.String(),
        "document_id": pl.String(),
        "byte_count": pl.Int64(),
        "sidecar_id": pl.String(),
        "received_at": pl.Datetime("us"),
        "status": pl.String(),
        # Of the document as stored before this night; null where there was none.
        "stored_path": pl.String(),
        "stored_status": pl.String(),
    }
)
# Reasons that lie in the content itself: the same reader would say the same again.
LASTING_REASONS = ("broken_file", "no_text", "password_protected", "unsafe_content", "unsupported_format")
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def check_catalog(settings: Settings) -> pl.DataFrame:
    """The tables of the catalog with their rows, once all of it is valid.

    Raises ``CatalogError`` with a sentence for each fault; nothing has been written then.
    """
    load_catalog(settings.seeds_dir)
    tables = sorted(settings.seeds_dir.glob("*.csv"))
    return pl.DataFrame(
        {
            "table": [path.stem for path in tables],
            "rows": [
                pl.scan_csv(path, infer_schema=False).select(pl.len()).collect().item() for path in tables
            ],
        },
        schema={"table": pl.String, "rows": pl.Int64},
    )


def check_inputs(settings: Settings) -> None:
    """Raise what would stop the night at its start: a faulty catalog, a raw folder that is missing or empty.

    Nothing is written, and no document is opened.
    """
    load_catalog(settings.seeds_dir)
    if not settings.raw_dir.is_dir() or not holds_a_document(settings.raw_dir):
        take_inventory(settings.raw_dir)


@dataclass(frozen=True)
class DocumentsTaken:
    """The inventory of the night, how many files had to be opened for it, and what the operator should know."""

    inventory: pl.DataFrame
    opened: int
    notes: list[str]


def take_documents(settings: Settings) -> DocumentsTaken:
    """One row per file in the raw folder: path, content hash, and whether it is new, known or rejected.

    A document is known when its content and its sidecar are those of a stored one that the present versions of
    reading and extraction have read, or could not read for a reason that lies in the content itself.
    """
    for folder in (settings.work_dir, settings.published_dir):
        check_writable(folder)
    unfinished = unfinished_mark(settings)
    recovery = prepare_warehouse(
        settings.warehouse, released_database(settings), is_suspect=unfinished.exists()
    )
    unfinished.touch()
    notes = recovery.sentences(settings.warehouse)
    taken = take_inventory(settings.raw_dir, read_seen(settings.warehouse))
    now, late = _night_clock(read_marks(settings.warehouse).get(LATEST_NIGHT))
    notes += late
    files = pl.DataFrame(
        {
            "path": [file.path for file in taken.files],
            "document_id": [file.document_id for file in taken.files],
            "byte_count": [file.byte_count for file in taken.files],
            "sidecar_id": [file.sidecar.sidecar_id for file in taken.files],
            "sidecar_received_at": [file.sidecar.received_at for file in taken.files],
        },
        schema_overrides={
            "path": pl.String,
            "document_id": pl.String,
            "byte_count": pl.Int64,
            "sidecar_id": pl.String,
            "sidecar_received_at": pl.Datetime("us"),
        },
    )
    stored = stored_documents(settings.warehouse)
    inventory = (
        files.join(stored, on="document_id", how="left")
        .with_columns(
            pl.coalesce("sidecar_received_at", "stored_received_at", pl.lit(now, pl.Datetime("us"))).alias(
                "received_at"
            ),
            pl.when(_is_known(settings)).then(pl.lit("known")).otherwise(pl.lit("new")).alias("status"),
        )
        .select(INVENTORY.names())
    )
    rejected = pl.DataFrame(
        [
            {"path": reject.path, "document_id": reject.document_id, "status": "rejected"}
            for reject in taken.rejects
        ],
        schema=INVENTORY,
    )
    frame = pl.concat([inventory, rejected]).sort("path")
    write_stage(settings, "inventory", frame)
    write_stage(settings, "seen", seen_frame(taken.seen))
    kept = frame.filter((pl.col("status") == "known") & (pl.col("stored_status") == "rejected"))
    write_stage(
        settings,
        "rejects_of_inventory",
        pl.concat([rejects_frame(taken.rejects, polars_schema(Rejects)), _stored_rejects(settings, kept)]),
    )
    return DocumentsTaken(frame, taken.opened, notes)


def _is_known(settings: Settings) -> pl.Expr:
    """Whether a stored document can stand for the file."""
    is_read = pl.col("stored_status") == "read"
    lasting = set(LASTING_REASONS)
    if read_marks(settings.warehouse).get(READ_WITHIN) == str(current_limits()):
        lasting.add("limit_exceeded")
    # A reject carries its path, so a file of another name is looked at again.
    is_hopeless = pl.col("stored_reason").is_in(sorted(lasting)) & (pl.col("stored_path") == pl.col("path"))
    return (
        (is_read | ((pl.col("stored_status") == "rejected") & is_hopeless))
        & pl.col("stored_sidecar_id").eq_missing(pl.col("sidecar_id"))
        & (pl.col("reader_version") == READER_VERSION)
        & (pl.col("extractor_version") == extractor_version(settings.seeds_dir))
    ).fill_null(value=False)


def _stored_rejects(settings: Settings, documents: pl.DataFrame) -> pl.DataFrame:
    """Why these documents could not be read, as an earlier night said."""
    return stored_rows(settings.warehouse, "rejects", Rejects, documents).filter(level="document")


def _night_clock(latest: str | None) -> tuple[datetime, list[str]]:
    """The time of this night and, where the clock was set back behind the last one, a sentence that says so."""
    now = vietnamese_time()
    before = datetime.fromisoformat(latest) if latest else now
    if now >= before:
        return now, []
    sentence = (
        f"The clock of this machine shows {now:%Y-%m-%d %H:%M}, before the last night ({before:%Y-%m-%d %H:%M});"
        " receipts are dated as of that night. Set the clock right."
    )
    return before, [sentence]


def night_time(settings: Settings) -> datetime:
    """The time by which this night dates what it sees; never before the night before."""
    return _night_clock(read_marks(settings.warehouse).get(LATEST_NIGHT))[0]


def vietnamese_time() -> datetime:
    """The present second in Vietnam, without a zone, as the receipt of a document is recorded."""
    return datetime.now(VIETNAM).replace(tzinfo=None, microsecond=0)


def raw_file_of(settings: Settings, row: Row) -> RawFile:
    """A row of the inventory as reading takes it."""
    path = str(row["path"])
    return RawFile(path, row["document_id"], row["byte_count"], read_sidecar(settings.raw_dir / path, path))
