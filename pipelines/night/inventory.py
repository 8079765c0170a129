"""The first stages: a valid catalog, and which documents are new this night and which are known."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import polars as pl

from pipelines.extraction.extract import extractor_version
from pipelines.matching.catalog import load_catalog
from pipelines.night.handover import rejects_frame, released_database, write_stage
from pipelines.night.rows import Row
from pipelines.reading.inventory import RawFile, document_paths, take_inventory
from pipelines.reading.read import READER_VERSION
from pipelines.reading.sidecar import read_sidecar
from pipelines.settings import Settings
from pipelines.warehouse.state import read_stored

INVENTORY = pl.Schema(
    {
        "path": pl.String(),
        "document_id": pl.String(),
        "byte_count": pl.Int64(),
        "sidecar_id": pl.String(),
        "received_at": pl.Datetime("us"),
        "status": pl.String(),
    }
)
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
    if not settings.raw_dir.is_dir() or not document_paths(settings.raw_dir):
        take_inventory(settings.raw_dir)


def take_documents(settings: Settings) -> pl.DataFrame:
    """One row per file in the raw folder: path, content hash, and whether it is new, known or rejected.

    A file is known when its content and its sidecar are those of a stored document that the
    present versions of reading and extraction have read.
    """
    inventory = take_inventory(settings.raw_dir)
    stored = read_stored(settings.warehouse, released_database(settings)).documents
    known = {row["document_id"]: row for row in stored.iter_rows(named=True)}
    extractor = extractor_version(settings.seeds_dir)
    now = vietnamese_time()
    rows: list[dict[str, Any]] = []
    for file in inventory.files:
        row = known.get(file.document_id)
        is_known = (
            row is not None
            and row["status"] == "read"
            and row["sidecar_id"] == file.sidecar.sidecar_id
            and row["reader_version"] == READER_VERSION
            and row["extractor_version"] == extractor
        )
        received_at = file.sidecar.received_at or (row["received_at"] if row else now)
        rows.append(
            {
                "path": file.path,
                "document_id": file.document_id,
                "byte_count": file.byte_count,
                "sidecar_id": file.sidecar.sidecar_id,
                "received_at": received_at,
                "status": "known" if is_known else "new",
            }
        )
    rows += [
        {"path": reject.path, "document_id": reject.document_id, "status": "rejected"}
        for reject in inventory.rejects
    ]
    frame = pl.DataFrame(rows, schema=INVENTORY).sort("path")
    write_stage(settings, "inventory", frame)
    write_stage(settings, "rejects_of_inventory", rejects_frame(inventory.rejects))
    return frame


def vietnamese_time() -> datetime:
    """The present second in Vietnam, without a zone, as the receipt of a document is recorded."""
    return datetime.now(VIETNAM).replace(tzinfo=None, microsecond=0)


def raw_file_of(settings: Settings, row: Row) -> RawFile:
    """A row of the inventory as reading takes it."""
    path = str(row["path"])
    return RawFile(path, row["document_id"], row["byte_count"], read_sidecar(settings.raw_dir / path, path))
