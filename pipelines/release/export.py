"""What a release holds as data: the database for readers, and each mart as CSV and Parquet.

Exports are sorted by all their columns, so the same content gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release.errors import ReleaseError
from pipelines.warehouse.connection import connect, first_line, literal, quoted

DATABASE = "warehouse.duckdb"
MARTS = "marts"
# Everything a mart cell can be traced through; staging and intermediate can be computed again.
RELEASED_SCHEMAS = ("marts", "reference", "raw")
NIGHT = "night"


@dataclass(frozen=True)
class Export:
    """One mart as exported: rows, and the paths of its files below the release folder."""

    table: str
    rows: int
    csv: str
    parquet: str


def export_database(warehouse: Path, folder: Path) -> Path:
    """Copy the released schemas, with comments and table macros, into a database of their own.

    The warehouse is opened for reading only. Views become tables: the release stands alone.
    """
    target = folder / DATABASE
    try:
        with connect(target) as connection:
            connection.execute(f"attach {literal(str(warehouse))} as {NIGHT} (read_only)")
            for schema in RELEASED_SCHEMAS:
                _copy_schema(connection, schema)
            _copy_macros(connection)
            connection.execute(f"detach {NIGHT}")
            connection.execute("checkpoint")
    except duckdb.Error as error:
        sentence = f"The released database could not be written: {first_line(error)}."
        raise ReleaseError(sentence) from error
    return target


def _copy_schema(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
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
        connection.execute(f"create table {name} as select * from {NIGHT}.{name} order by all")  # noqa: S608
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
        for column, text in commented:
            connection.execute(f"comment on column {name}.{quoted(column)} is {literal(text)}")


def _copy_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Recreate the table macros of the marts; their bodies name tables by schema, so they hold here too."""
    row = connection.execute("select current_database()").fetchone()
    here = row[0] if row else ""
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
        body = definition.replace(f"{NIGHT}.", "").replace(f"{quoted(here)}.", "")
        try:
            connection.execute(f"create or replace macro {MARTS}.{quoted(name)}({arguments}) as table {body}")
        except duckdb.Error as error:
            sentence = (
                f"The macro {MARTS}.{name} does not hold in the released database: {first_line(error)}."
            )
            raise ReleaseError(sentence) from error


def export_marts(database: Path, folder: Path) -> list[Export]:
    """Each table of the marts as ``csv/<table>.csv`` and ``parquet/<table>.parquet`` below the folder."""
    (folder / "csv").mkdir()
    (folder / "parquet").mkdir()
    exports = []
    try:
        with connect(database, read_only=True) as connection:
            # One thread keeps row groups, and so the bytes of a Parquet file, the same on every machine.
            connection.execute("set threads to 1")
            for table in mart_tables(connection):
                export = Export(
                    table=table,
                    rows=row_count(connection, table),
                    csv=f"csv/{table}.csv",
                    parquet=f"parquet/{table}.parquet",
                )
                rows = connection.sql(f"select * from {MARTS}.{quoted(table)} order by all")  # noqa: S608
                rows.write_csv(str(folder / export.csv), header=True)
                rows.write_parquet(str(folder / export.parquet), compression="zstd")
                exports.append(export)
    except duckdb.Error as error:
        sentence = f"The marts could not be exported: {first_line(error)}."
        raise ReleaseError(sentence) from error
    return exports


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
    row = connection.execute(f"select count(*) from {MARTS}.{quoted(table)}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0
