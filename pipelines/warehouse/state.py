"""What earlier nights stored: known documents, their statements and their rejects. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.warehouse.connection import column_types, connect, fetch_frame, quoted
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


def read_stored(warehouse: Path, released: Path | None = None) -> Stored:
    """The stored state: of the warehouse, else of the released database, else nothing.

    The released database stands in when the work folder was emptied, so that neither the receipt
    times nor documents that are no longer in the raw folder are lost with it.
    A database of an older version, with other columns, counts as nothing stored for that table.
    """
    for path in (warehouse, released):
        if path is not None and path.is_file():
            with connect(path, read_only=True) as connection:
                stored = Stored(
                    documents=_read(connection, "documents", Documents),
                    statements=_read(connection, "statements", Statements),
                    rejects=_read(connection, "rejects", Rejects),
                )
            if stored.documents.height:
                return stored
    return Stored(empty_frame(Documents), empty_frame(Statements), empty_frame(Rejects))


def read_released_cells(warehouse: Path) -> pl.DataFrame:
    """raw.released_cells as stored; empty where there is no database or table yet."""
    if not warehouse.is_file():
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
