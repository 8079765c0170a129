"""From the warehouse of an earlier version to that of this one, without losing a row that can be kept.

Each step of ``MIGRATIONS`` lifts the schema by one version and is never changed once released; a new
version appends one. The columns of the raw tables follow the contracts by themselves.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from pipelines.settings import Location
from pipelines.warehouse.connection import WarehouseError, connect, first_line, transaction
from pipelines.warehouse.load import RAW_SCHEMA, ensure_table
from pipelines.warehouse.memory import SCHEMA_VERSION, STATE_TABLES, read_marks, write_marks
from schemas.tables import RAW_TABLES

Step = Callable[[duckdb.DuckDBPyConnection], None]


def _remember_files_and_work(connection: duckdb.DuckDBPyConnection) -> None:
    """0 to 1: warehouses of version 0.1.0 had raw tables only."""
    connection.execute(STATE_TABLES)


MIGRATIONS: tuple[Step, ...] = (_remember_files_and_work,)


def migrate(warehouse: Location) -> int:
    """Bring the warehouse to this version; returns the version it had, or this one's where nothing was to do.

    All steps run in one transaction. Documents of which rows could not be kept are read again this night.
    Raises ``WarehouseError`` for a warehouse of a newer version, or where a step fails: nothing is changed then.
    """
    stored = int(read_marks(warehouse).get(SCHEMA_VERSION, "0"))
    if stored > len(MIGRATIONS):
        sentence = (
            f"{warehouse}: this warehouse was written by a newer version of hatangso (schema {stored}, known here"
            f" {len(MIGRATIONS)}); install that version, or restore a backup of this one."
        )
        raise WarehouseError(sentence)
    with connect(warehouse) as connection:
        try:
            with transaction(connection):
                for step in MIGRATIONS[stored:]:
                    step(connection)
                connection.execute(f"create schema if not exists {RAW_SCHEMA}")
                lost = {name: ensure_table(connection, name, model) for name, model in RAW_TABLES.items()}
                if lost["statements"] or lost["facts"]:
                    connection.execute("update raw.documents set reader_version = ''")
                write_marks(connection, {SCHEMA_VERSION: str(len(MIGRATIONS))})
        except duckdb.Error as error:
            sentence = f"{warehouse}: it could not be brought to this version and is as before ({first_line(error)}); free space if the disk is full, else restore a backup."
            raise WarehouseError(sentence) from error
    return stored
