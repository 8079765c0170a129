"""Writing the night into raw.*: all tables in one transaction, or none.

The DDL is derived from the contracts in ``schemas``; no column is named here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.settings import Lake, Location
from pipelines.warehouse.connection import (
    ArrowFrame,
    WarehouseError,
    column_types,
    connect,
    first_line,
    first_row,
    has_table,
    literal,
    quoted,
    registered,
    transaction,
)
from schemas.contract import Contract
from schemas.frames import columns, conformed, duckdb_type, table_description
from schemas.tables import NIGHT_TABLES, RAW_TABLES

RAW_SCHEMA = "raw"
INCOMING = "incoming"
BEFORE = "before_migration"
# Above so many facts two large marts built at once go over the memory that DuckDB may have.
MANY_FACTS = 1_000_000


@dataclass(frozen=True)
class Touched:
    """What a night touched: documents (column document_id) and labels (column label_key) whose rows it replaces."""

    documents: pl.DataFrame
    labels: pl.DataFrame


def load_night(
    warehouse: Location,
    tables: Mapping[str, pl.DataFrame | Path],
    touched: Touched | None = None,
    also: Callable[[duckdb.DuckDBPyConnection], object] | None = None,
) -> dict[str, int]:
    """Write the raw tables of a night in one transaction; returns the rows of each as they are then.

    ``tables`` holds for each of ``schemas.tables.NIGHT_TABLES`` a frame or the Parquet file of its stage, which
    DuckDB reads itself: ten million rows never pass through Python. Without ``touched`` they replace everything;
    with it only the rows of these documents and labels, and the rejects of documents that could not be used, and
    where the tables and ``touched`` hold nothing, nothing is written. ``also`` runs in the same transaction.
    Tables that other steps write are created empty where missing. Whatever fails, the tables stay as they were.
    Raises ``StructuralError`` for a table that does not keep its contract, ``WarehouseError``
    where the database refuses.
    """
    missing = sorted(set(NIGHT_TABLES) - set(tables))
    if missing:
        sentence = f"The night hands over no frame for raw.{', raw.'.join(missing)}."
        raise WarehouseError(sentence)
    conforming = {name: _conforming(tables[name], model) for name, model in NIGHT_TABLES.items()}
    with connect(warehouse) as connection:
        try:
            with transaction(connection):
                connection.execute(f"create schema if not exists {RAW_SCHEMA}")
                for name, model in RAW_TABLES.items():
                    ensure_table(connection, name, model)
                for name, source in conforming.items():
                    _remove_rows(connection, name, touched)
                    insert_rows(connection, name, source)
                if also is not None:
                    also(connection)
                rows = {name: row_count(connection, name) for name in conforming}
        except duckdb.Error as error:
            sentence = f"{warehouse}: loading was undone, the tables are as before ({first_line(error)}); free space if the disk is full, and run again."
            raise WarehouseError(sentence) from error
    return rows


def _remove_rows(connection: duckdb.DuckDBPyConnection, name: str, touched: Touched | None) -> None:
    table = f"{RAW_SCHEMA}.{quoted(name)}"
    if touched is None:
        connection.execute(f"delete from {table}")  # noqa: S608 - the name comes from the contracts
        return
    key, keys = ("label_key", touched.labels) if name == "unmatched" else ("document_id", touched.documents)
    also = " or level = 'document'" if name == "rejects" else ""
    with registered(connection, INCOMING, keys.select(key)):
        connection.execute(f"delete from {table} where {key} in (select {key} from {INCOMING}){also}")  # noqa: S608


def fact_changes(warehouse: Location, facts: Path, documents: pl.DataFrame | None = None) -> tuple[int, int]:
    """(new, gone): how the facts of a stage file differ by identity from those stored; nothing is written.

    With ``documents`` (column document_id) only the stored facts of these are compared.
    """
    with connect(warehouse) as connection:
        incoming = _scan(facts)
        if not has_table(connection, RAW_SCHEMA, "facts"):
            return _count(connection, f"select count(*) from {incoming}"), 0  # noqa: S608 - a path of ours
        stored = f"{RAW_SCHEMA}.facts"
        if documents is not None:
            connection.register(INCOMING, ArrowFrame(documents.select("document_id")))
            stored = f"(from {stored} where document_id in (from {INCOMING}))"
        new, gone = (
            _count(connection, f"select count(*) from {here} anti join {there} using (fact_id)")  # noqa: S608
            for here, there in ((incoming, stored), (stored, incoming))
        )
        return new, gone


def ensure_table(connection: duckdb.DuckDBPyConnection, name: str, model: type[Contract]) -> int:
    """Create a raw table as its contract says, anew where the contract's columns have changed.

    A table with other columns is of another version: its rows move over with the columns that both know.
    Returns how many rows could not, since they lack what the contract asks for.
    """
    wanted = columns(model)
    found = column_types(connection, RAW_SCHEMA, name)
    if found == {column.name: _reported(column.duckdb_type) for column in wanted}:
        return 0
    table = f"{RAW_SCHEMA}.{quoted(name)}"
    if found:
        connection.execute(f"create or replace temp table {BEFORE} as select * from {table}")  # noqa: S608
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
    if not found:
        return 0
    values = {
        column.name: f"try_cast({quoted(column.name)} as {column.duckdb_type})"
        if column.name in found
        else "null"
        for column in wanted
    }
    needed = [f"{values[column.name]} is not null" for column in wanted if not column.nullable]
    moved = _count(
        connection,
        f"insert into {table} select {', '.join(values.values())} from {BEFORE} where {' and '.join(needed) or 'true'}",  # noqa: S608
    )
    before = _count(connection, f"select count(*) from {BEFORE}")  # noqa: S608
    connection.execute(f"drop table {BEFORE}")
    return before - moved


def replace_rows(connection: duckdb.DuckDBPyConnection, name: str, source: pl.DataFrame | Path) -> int:
    """Put these rows in the place of all rows of a raw table; the caller holds the transaction. Returns how many."""
    _remove_rows(connection, name, None)
    return insert_rows(connection, name, source)


def insert_rows(connection: duckdb.DuckDBPyConnection, name: str, source: pl.DataFrame | Path) -> int:
    """Add these rows to a raw table; the caller holds the transaction. Returns how many."""
    table = f"{RAW_SCHEMA}.{quoted(name)}"
    if isinstance(source, Path):
        return _insert(connection, table, list(pl.read_parquet_schema(source)), _scan(source))
    with registered(connection, INCOMING, source):
        return _insert(connection, table, source.columns, INCOMING)


def table_rows(warehouse: Location) -> dict[str, int]:
    """Rows of every raw table."""
    with connect(warehouse, read_only=True) as connection:
        return {name: row_count(connection, name) for name in RAW_TABLES}


def models_at_once(warehouse: Location) -> int:
    """How many models dbt may build at the same time: two, or one where each of them needs the memory for itself.

    A lake builds one in any case, see dbt_project/profiles.yml.
    """
    is_large = isinstance(warehouse, Path) and table_rows(warehouse)["facts"] > MANY_FACTS
    return 1 if isinstance(warehouse, Lake) or is_large else 2


def row_count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Rows of a raw table."""
    return _count(connection, f"select count(*) from {RAW_SCHEMA}.{quoted(name)}")  # noqa: S608


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
    row = first_row(connection.execute(sql))
    return int(row[0]) if row else 0


def _reported(duckdb_name: str) -> str:
    """How the information schema spells a type."""
    return "VARCHAR" if duckdb_name == duckdb_type(pl.String()) else duckdb_name
