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
    has_table,
    literal,
    quoted,
)
from schemas.contract import Contract
from schemas.frames import columns, conformed, duckdb_type, table_description
from schemas.tables import NIGHT_TABLES, RAW_TABLES

RAW_SCHEMA = "raw"
INCOMING = "incoming"


def load_night(warehouse: Path, tables: Mapping[str, pl.DataFrame | Path]) -> dict[str, int]:
    """Replace the contents of every raw table of the night; returns the rows of each.

    ``tables`` holds for each of ``schemas.tables.NIGHT_TABLES`` a frame or the Parquet file of its stage, which
    DuckDB reads itself: ten million rows never pass through Python. Tables that other steps write are created
    empty where missing. Whatever fails, the tables stay as they were.
    Raises ``StructuralError`` for a table that does not keep its contract, ``WarehouseError``
    where the database refuses.
    """
    missing = sorted(set(NIGHT_TABLES) - set(tables))
    if missing:
        sentence = f"The night hands over no frame for raw.{', raw.'.join(missing)}."
        raise WarehouseError(sentence)
    conforming = {name: _conforming(tables[name], model) for name, model in NIGHT_TABLES.items()}
    with connect(warehouse) as connection:
        connection.begin()
        try:
            connection.execute(f"create schema if not exists {RAW_SCHEMA}")
            for name, model in RAW_TABLES.items():
                ensure_table(connection, name, model)
            rows = {name: replace_rows(connection, name, source) for name, source in conforming.items()}
            connection.commit()
        except duckdb.Error as error:
            connection.rollback()
            sentence = f"{warehouse}: loading was undone, the tables are as before ({first_line(error)})."
            raise WarehouseError(sentence) from error
        except BaseException:
            connection.rollback()
            raise
    return rows


def fact_changes(warehouse: Path, facts: Path) -> tuple[int, int]:
    """(new, gone): how the facts of a stage file differ by identity from those stored; nothing is written."""
    with connect(warehouse) as connection:
        incoming = _scan(facts)
        if not has_table(connection, RAW_SCHEMA, "facts"):
            return _count(connection, f"select count(*) from {incoming}"), 0  # noqa: S608 - a path of ours
        stored = f"{RAW_SCHEMA}.facts"
        new, gone = (
            _count(connection, f"select count(*) from {here} anti join {there} using (fact_id)")  # noqa: S608
            for here, there in ((incoming, stored), (stored, incoming))
        )
        return new, gone


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


def replace_rows(connection: duckdb.DuckDBPyConnection, name: str, source: pl.DataFrame | Path) -> int:
    """Put these rows in the place of all rows of a raw table; the caller holds the transaction. Returns how many."""
    table = f"{RAW_SCHEMA}.{quoted(name)}"
    connection.execute(f"delete from {table}")  # noqa: S608 - the name comes from the contracts
    if isinstance(source, Path):
        return _insert(connection, table, list(pl.read_parquet_schema(source)), _scan(source))
    connection.register(INCOMING, ArrowFrame(source))
    try:
        return _insert(connection, table, source.columns, INCOMING)
    finally:
        connection.unregister(INCOMING)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns_: list[str], source: str) -> int:
    names = ", ".join(quoted(column) for column in columns_)
    return _count(connection, f"insert into {table} ({names}) select {names} from {source}")  # noqa: S608


def _conforming(source: pl.DataFrame | Path, model: type[Contract]) -> pl.DataFrame | Path:
    """The frame in the shape of its contract; a stage file as it is, once its columns are those of the contract."""
    if isinstance(source, pl.DataFrame):
        return conformed(source, model)
    conformed(pl.DataFrame(schema=pl.read_parquet_schema(source)), model)
    return source


def _scan(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _reported(duckdb_name: str) -> str:
    """How the information schema spells a type."""
    return "VARCHAR" if duckdb_name == duckdb_type(pl.String()) else duckdb_name
