"""Writing the night into raw.*: all tables in one transaction, or none.

The DDL is derived from the contracts in ``schemas``; no column is named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from pipelines.warehouse.connection import (
    ArrowFrame,
    WarehouseError,
    column_types,
    connect,
    first_line,
    literal,
    quoted,
)
from schemas.contract import Contract
from schemas.frames import columns, conformed, duckdb_type, table_description
from schemas.tables import NIGHT_TABLES, RAW_TABLES

RAW_SCHEMA = "raw"
INCOMING = "incoming"


def load_night(warehouse: Path, frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """Replace the contents of every raw table of the night; returns the rows of each.

    ``frames`` holds one frame for each of ``schemas.tables.NIGHT_TABLES``. Tables that other
    steps write are created empty where missing. Whatever fails, the tables stay as they were.
    Raises ``StructuralError`` for a frame that does not keep its contract, ``WarehouseError``
    where the database refuses.
    """
    missing = sorted(set(NIGHT_TABLES) - set(frames))
    if missing:
        sentence = f"The night hands over no frame for raw.{', raw.'.join(missing)}."
        raise WarehouseError(sentence)
    conforming = {name: conformed(frames[name], model) for name, model in NIGHT_TABLES.items()}
    with connect(warehouse) as connection:
        connection.begin()
        try:
            connection.execute(f"create schema if not exists {RAW_SCHEMA}")
            for name, model in RAW_TABLES.items():
                ensure_table(connection, name, model)
            for name, frame in conforming.items():
                replace_rows(connection, name, frame)
            connection.commit()
        except duckdb.Error as error:
            connection.rollback()
            sentence = f"{warehouse}: loading was undone, the tables are as before ({first_line(error)})."
            raise WarehouseError(sentence) from error
        except BaseException:
            connection.rollback()
            raise
    return {name: frame.height for name, frame in conforming.items()}


def ensure_table(connection: duckdb.DuckDBPyConnection, name: str, model: type[Contract]) -> None:
    """Create a raw table as its contract says, anew where the contract's columns have changed.

    A table with other columns is of an older version; its rows are written again by the night.
    """
    wanted = columns(model)
    found = column_types(connection, RAW_SCHEMA, name)
    if found == {column.name: _reported(column.duckdb_type) for column in wanted}:
        return
    table = f"{RAW_SCHEMA}.{quoted(name)}"
    definitions = ", ".join(
        f"{quoted(column.name)} {column.duckdb_type}{'' if column.nullable else ' not null'}"
        for column in wanted
    )
    connection.execute(f"create or replace table {table} ({definitions})")
    connection.execute(f"comment on table {table} is {literal(table_description(model))}")
    for column in wanted:
        connection.execute(
            f"comment on column {table}.{quoted(column.name)} is {literal(column.description)}"
        )


def replace_rows(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Put these rows in the place of all rows of a raw table; the caller holds the transaction."""
    table = f"{RAW_SCHEMA}.{quoted(name)}"
    names = ", ".join(quoted(column) for column in frame.columns)
    connection.execute(f"delete from {table}")  # noqa: S608 - the name comes from the contracts
    connection.register(INCOMING, ArrowFrame(frame))
    try:
        connection.execute(f"insert into {table} ({names}) select {names} from {INCOMING}")  # noqa: S608
    finally:
        connection.unregister(INCOMING)


def _reported(duckdb_name: str) -> str:
    """How the information schema spells a type."""
    return "VARCHAR" if duckdb_name == duckdb_type(pl.String()) else duckdb_name
