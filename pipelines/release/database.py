"""The database of a release: marts, catalog and provenance in one small DuckDB file that stands alone.

The files beside it are written elsewhere.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.release.columns import described_tables
from pipelines.release.errors import ReleaseError
from pipelines.settings import Location
from pipelines.warehouse.connection import (
    attach,
    bound_memory,
    connect,
    first_line,
    first_row,
    literal,
    quoted,
    transaction,
)
from schemas.frames import keys
from schemas.tables import RAW_TABLES

DATABASE = "warehouse.duckdb"
MARTS = "marts"
REFERENCE = "reference"
RAW = "raw"
# Everything a mart cell can be traced through, and what the next night needs where the warehouse is lost;
# staging and intermediate can be computed again.
RELEASED_SCHEMAS = (MARTS, REFERENCE, RAW)
NIGHT = "night"
# The name under which the night's warehouse knows itself: macros may spell it.
RELEASED = "warehouse"
# The format that DuckDB 1.4, the line with long support, still opens; it packs text better than older ones.
STORAGE_VERSION = "v1.4.0"
# A column takes at least a block: with DuckDB's own 256 KiB a release of small tables is mostly air, and with small
# blocks one of many facts takes three times as long to write, and more room.
BLOCK_BYTES = 16384
LARGE_BLOCK_BYTES = 262144
LARGE_BLOCKS_FROM = 500_000  # facts
# Rows of one document stand together, as they were read: they pack better, and are nearly in this order already.
DOCUMENT = "document_id"


def export_database(warehouse: Location, folder: Path, dbt_manifest: Path) -> Path:
    """Copy the released schemas into ``warehouse.duckdb``: rows in a fixed order, keys, comments, table macros.

    The warehouse is opened for reading only. Views become tables: the release stands alone. What does not fit into
    the memory of the settings is put on disk in the same folder meanwhile.
    Raises ``ReleaseError`` where a table cannot be copied or a key holds twice.
    """
    target = folder / DATABASE
    try:
        # In memory: the file is attached, since only attaching takes a block size.
        with tempfile.TemporaryDirectory(dir=folder) as spill, duckdb.connect() as connection:
            bound_memory(connection)
            connection.execute(f"set temp_directory = {literal(spill)}")
            attach(connection, warehouse, NIGHT, read_only=True)
            block_bytes = LARGE_BLOCK_BYTES if _facts(connection, NIGHT) >= LARGE_BLOCKS_FROM else BLOCK_BYTES
            connection.execute(
                f"attach {literal(str(target))} as {RELEASED}"
                f" (block_size {block_bytes}, storage_version {literal(STORAGE_VERSION)})"
            )
            connection.execute(f"use {RELEASED}")
            for schema in RELEASED_SCHEMAS:
                _copy_schema(connection, schema, _keys(schema, dbt_manifest))
            _copy_macros(connection)
            connection.execute(f"detach {NIGHT}")
            connection.execute("checkpoint")
            connection.execute("use memory")
            connection.execute(f"detach {RELEASED}")
    except duckdb.Error as error:
        sentence = f"The released database could not be written: {first_line(error)}."
        raise ReleaseError(sentence) from error
    return target


def _keys(schema: str, dbt_manifest: Path) -> dict[str, tuple[str, ...]]:
    """The key of each table: of the raw tables from their contracts, of all others from dbt."""
    if schema == RAW:
        return {name: next(iter(keys(model)), ()) for name, model in RAW_TABLES.items()}
    return {name: table.key for name, table in described_tables(dbt_manifest, schema).items()}


def _copy_schema(
    connection: duckdb.DuckDBPyConnection, schema: str, table_keys: Mapping[str, tuple[str, ...]]
) -> None:
    connection.execute(f"create schema if not exists {quoted(schema)}")
    tables = connection.execute(
        """
        select table_name, comment from duckdb_tables() where database_name = ? and schema_name = ?
        union all
        select view_name, comment from duckdb_views() where database_name = ? and schema_name = ? and not internal
        order by 1
        """,
        [NIGHT, schema, NIGHT, schema],
    ).fetchall()
    for table, comment in tables:
        name = f"{quoted(schema)}.{quoted(table)}"
        # The marts keep the order that dbt gave them: questions about one unit then read few of their blocks.
        order = (
            ""
            if schema == MARTS
            else f" order by {_order(connection, schema, table, table_keys.get(table, ()))}"
        )
        connection.execute(f"create table {name} as select * from {NIGHT}.{name}{order}")  # noqa: S608
        if table_keys.get(table):
            _add_key(connection, name, table_keys[table])
        if comment:
            connection.execute(f"comment on table {name} is {literal(comment)}")
        commented = connection.execute(
            """
            select column_name, comment
            from duckdb_columns()
            where database_name = ? and schema_name = ? and table_name = ? and comment is not null
            order by column_index
            """,
            [NIGHT, schema, table],
        ).fetchall()
        # Each would otherwise be a transaction of its own, a thousand of them.
        with transaction(connection):
            for column, text in commented:
                connection.execute(f"comment on column {name}.{quoted(column)} is {literal(text)}")


def _order(connection: duckdb.DuckDBPyConnection, schema: str, table: str, key: tuple[str, ...]) -> str:
    """By what the rows of a table are sorted: its key, those of one document together; without a key all columns."""
    if not key:
        return "all"
    is_of_documents = connection.execute(
        """
        select count(*) > 0
        from duckdb_columns()
        where database_name = ? and schema_name = ? and table_name = ? and column_name = ?
        """,
        [NIGHT, schema, table, DOCUMENT],
    ).fetchall()[0][0]
    columns = dict.fromkeys((DOCUMENT, *key) if is_of_documents else key)
    return ", ".join(quoted(column) for column in columns)


def _add_key(connection: duckdb.DuckDBPyConnection, name: str, key: tuple[str, ...]) -> None:
    """Make a key primary; DuckDB refuses where it holds twice or has a gap."""
    columns = ", ".join(quoted(column) for column in key)
    try:
        connection.execute(f"alter table {name} add primary key ({columns})")
    except duckdb.Error as error:
        sentence = f"The rows of {name} are not told apart by {columns}: {first_line(error)}."
        raise ReleaseError(sentence) from error


def _copy_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Recreate the table macros of the marts; their bodies name tables by schema, so they hold here too."""
    macros = connection.execute(
        """
        select function_name, parameters, macro_definition
        from duckdb_functions()
        where database_name = ? and schema_name = ? and function_type = 'table_macro'
        order by function_name
        """,
        [NIGHT, MARTS],
    ).fetchall()
    for name, parameters, definition in macros:
        arguments = ", ".join(quoted(parameter) for parameter in parameters)
        body = definition.replace(f"{NIGHT}.", "").replace(f"{quoted(RELEASED)}.", "")
        try:
            connection.execute(f"create or replace macro {MARTS}.{quoted(name)}({arguments}) as table {body}")
        except duckdb.Error as error:
            sentence = (
                f"The macro {MARTS}.{name} does not hold in the released database: {first_line(error)}."
            )
            raise ReleaseError(sentence) from error


def mart_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of the schema marts, sorted."""
    rows = connection.execute(
        """
        select table_name from duckdb_tables()
        where database_name = current_database() and schema_name = ?
        order by table_name
        """,
        [MARTS],
    ).fetchall()
    return [str(row[0]) for row in rows]


def row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a mart."""
    row = first_row(connection.execute(f"select count(*) from {MARTS}.{quoted(table)}"))  # noqa: S608
    return int(row[0]) if row else 0


def facts_in(database: Path) -> int:
    """Facts that a release holds, by which its size is told; 0 where it holds no such table."""
    with connect(database, read_only=True) as connection:
        return _facts(connection, database.stem)


def _facts(connection: duckdb.DuckDBPyConnection, database: str) -> int:
    row = first_row(
        connection.execute(
            """
            select estimated_size
            from duckdb_tables()
            where database_name = ? and schema_name = ? and table_name = 'facts'
            """,
            [database, RAW],
        )
    )
    return int(row[0] or 0) if row else 0
