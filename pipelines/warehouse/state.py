"""What earlier nights stored: known documents, their statements and their rejects. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.settings import Location
from pipelines.warehouse.connection import ArrowFrame, column_types, connect, exists, fetch_frame, quoted
from schemas.contract import Contract
from schemas.documents import Documents
from schemas.frames import columns, conformed, empty_frame
from schemas.rejects import Rejects
from schemas.released_cells import ReleasedCells
from schemas.statements import Statements


@dataclass(frozen=True)
class Stored:
    """Frames with the columns of the raw tables; empty where nothing was stored yet."""

    documents: pl.DataFrame
    statements: pl.DataFrame
    rejects: pl.DataFrame


def read_stored(warehouse: Location, released: Path | None = None) -> Stored:
    """The stored state: of the warehouse, else of the released database, else nothing.

    The released database stands in when the work folder was emptied, so that neither the receipt
    times nor documents that are no longer in the raw folder are lost with it.
    A database of an older version, with other columns, counts as nothing stored for that table.
    """
    for location in (warehouse, released):
        if location is not None and exists(location):
            with connect(location, read_only=True) as connection:
                stored = Stored(
                    documents=_read(connection, "documents", Documents),
                    statements=_read(connection, "statements", Statements),
                    rejects=_read(connection, "rejects", Rejects),
                )
            if stored.documents.height:
                return stored
    return Stored(empty_frame(Documents), empty_frame(Statements), empty_frame(Rejects))


def stored_documents(warehouse: Location) -> pl.DataFrame:
    """One row per stored document, with what decides whether a file is known and whether it has moved or gone.

    ``stored_reason`` is why a rejected document could not be read. Each column is as in raw.documents.
    """
    with connect(warehouse, read_only=True) as connection:
        return fetch_frame(
            connection,
            """
            select
                documents.document_id,
                documents.path as stored_path,
                documents.status as stored_status,
                documents.sidecar_id as stored_sidecar_id,
                documents.reader_version,
                documents.extractor_version,
                documents.received_at as stored_received_at,
                documents.withdrawn_at as stored_withdrawn_at,
                rejected.reason_code as stored_reason
            from raw.documents
            left join (
                select document_id, path, min(reason_code) as reason_code
                from raw.rejects
                where level = 'document'
                group by all
            ) as rejected
                on documents.status = 'rejected'
                and documents.document_id = rejected.document_id
                and documents.path = rejected.path
            """,
        )


def stored_rows(
    warehouse: Location, table: str, model: type[Contract], documents: pl.DataFrame | None
) -> pl.DataFrame:
    """The stored rows of these documents (column document_id), in no order; of all documents where that is None."""
    if not exists(warehouse) or (documents is not None and documents.is_empty()):
        return empty_frame(model)
    with connect(warehouse, read_only=True) as connection:
        wanted = [column.name for column in columns(model)]
        if not set(wanted) <= set(column_types(connection, "raw", table)):
            return empty_frame(model)
        condition = ""
        if documents is not None:
            connection.register("asked", ArrowFrame(documents.select("document_id")))
            condition = " where document_id in (select document_id from asked)"
        names = ", ".join(quoted(name) for name in wanted)
        sql = f"select {names} from raw.{quoted(table)}{condition}"  # noqa: S608 - names of contracts
        return conformed(fetch_frame(connection, sql), model)


def stored_document_rejects(warehouse: Location) -> pl.DataFrame:
    """The stored rejects of whole documents, in no order."""
    with connect(warehouse, read_only=True) as connection:
        names = ", ".join(quoted(column.name) for column in columns(Rejects))
        sql = f"select {names} from raw.rejects where level = 'document'"  # noqa: S608 - names of the contract
        return conformed(fetch_frame(connection, sql), Rejects)


def unmatched_statements(
    warehouse: Location, documents: pl.DataFrame, labels: pl.Series, wanted: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(keys of labels: these, and those that these documents had; stored statements with one of them elsewhere).

    Both speak of statements that no entry of the catalog recognises. ``documents`` has document_id.
    """
    keys = labels.unique().sort().to_frame("label_key")
    empty = empty_frame(Statements).select(wanted)
    if documents.is_empty() or not exists(warehouse):
        return keys, empty
    with connect(warehouse, read_only=True) as connection:
        if not column_types(connection, "raw", "statements"):
            return keys, empty
        connection.register("touched", ArrowFrame(documents.select("document_id")))
        connection.register("labels_now", ArrowFrame(keys))
        keys = fetch_frame(
            connection,
            """
            select label_key from labels_now
            union
            select label_key from raw.statements
            where outcome = 'unmatched' and document_id in (select document_id from touched)
            order by label_key
            """,
        )
        connection.register("labels_all", ArrowFrame(keys))
        names = ", ".join(quoted(name) for name in wanted)
        elsewhere = fetch_frame(
            connection,
            f"select {names} from raw.statements where outcome = 'unmatched'"  # noqa: S608 - names of the contract
            " and label_key in (select label_key from labels_all)"
            " and document_id not in (select document_id from touched) order by all",
        )
    return keys, elsewhere


def read_released_cells(warehouse: Location) -> pl.DataFrame:
    """raw.released_cells as stored; empty where there is no database or table yet."""
    if not exists(warehouse):
        return empty_frame(ReleasedCells)
    with connect(warehouse, read_only=True) as connection:
        return _read(connection, "released_cells", ReleasedCells)


def _read(connection: duckdb.DuckDBPyConnection, table: str, model: type[Contract]) -> pl.DataFrame:
    wanted = [column.name for column in columns(model)]
    if not set(wanted) <= set(column_types(connection, "raw", table)):
        return empty_frame(model)
    names = ", ".join(quoted(name) for name in wanted)
    # Names come from the contract; the order makes the frame the same on every machine.
    return conformed(fetch_frame(connection, f"select {names} from raw.{quoted(table)} order by all"), model)  # noqa: S608
