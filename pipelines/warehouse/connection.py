"""Opening a warehouse, be it a DuckDB file or a lake, and frames in and out of it. No table of ours is named here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.settings import Lake, Location, get_settings

# The attached lake carries the name that DuckDB gives to a file called warehouse.duckdb.
LAKE_NAME = "warehouse"
# Whichever DuckDB makes the file, 1.5 and all later ones open it.
STORAGE_VERSION = "v1.5.0"
LAKE_EXTENSIONS = ("postgres_scanner", "ducklake", "httpfs")


class WarehouseError(Exception):
    """The warehouse cannot be opened or does not hold what it should; one sentence for a person."""


class ArrowFrame:
    """A polars frame as DuckDB scans it: through the Arrow stream interface, without copying rows in Python.

    DuckDB asks for pyarrow when it is handed a polars frame itself; the stream needs none.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


@contextmanager
def connect(location: Location, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """An open connection, closed at the end.

    It takes no more memory than the settings allow; what goes over is put on disk beside the file.
    Raises ``WarehouseError`` where another program holds the file or it is no DuckDB file, and where the catalog
    of a lake cannot be reached. A lake has no reader's lock: ``read_only`` holds for files.
    """
    connection = _open_lake(location) if isinstance(location, Lake) else _open_file(location, read_only)
    try:
        bound_memory(connection)
        yield connection
    finally:
        connection.close()


def bound_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB take as much memory as the settings say; by itself it takes four fifths of the machine's."""
    connection.execute(f"set memory_limit = '{get_settings().warehouse_memory_mib}MiB'")


def _open_file(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    if read_only and not path.is_file():
        sentence = f"{path}: there is no database yet; run the nightly first."
        raise WarehouseError(sentence)
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if read_only:
            return duckdb.connect(str(path), read_only=True)
        return duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION})
    except duckdb.IOException as error:
        if "set lock" in str(error).lower():
            sentence = (
                f"{path}: another program has this database open; wait for it or close it, and run again."
            )
        else:
            sentence = f"{path}: the database cannot be opened ({first_line(error)})."
        raise WarehouseError(sentence) from error
    except duckdb.Error as error:
        sentence = f"{path}: this is not a database that can be opened here ({first_line(error)})."
        raise WarehouseError(sentence) from error


def _open_lake(lake: Lake) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    try:
        attach(connection, lake, LAKE_NAME)
        connection.execute(f"use {LAKE_NAME}")
    except BaseException:
        connection.close()
        raise
    return connection


def attach(
    connection: duckdb.DuckDBPyConnection, location: Location, name: str, *, read_only: bool = False
) -> None:
    """Attach a warehouse to an open connection; a lake that is not there yet is made.

    Raises ``WarehouseError`` where the lake's catalog or an extension is missing.
    """
    access = ", read_only" if read_only else ""
    if isinstance(location, Path):
        option = " (read_only)" if read_only else ""
        connection.execute(f"attach {literal(str(location))} as {name}{option}")
        return
    install_extensions(location)
    try:
        connection.execute(f"set extension_directory = {literal(str(location.extensions))}")
        connection.execute("set autoinstall_known_extensions = false")
        for extension in LAKE_EXTENSIONS:
            connection.execute(f"load {extension}")
        connection.execute(
            f"attach {literal('ducklake:postgres:' + location.catalog)} as {name}"
            f" (data_path {literal(location.data)}{access})"
        )
    except duckdb.Error as error:
        # DuckDB repeats the connection string, and with it a password.
        told = first_line(error).replace(location.catalog, "...")
        sentence = f"{location} cannot be opened ({told}); check that PostgreSQL runs and HATANGSO_LAKE_CATALOG is right."
        raise WarehouseError(sentence) from error


def install_extensions(lake: Lake) -> None:
    """Put DuckDB's extensions where connections look for them, from the installed packages and never the network."""
    wanted = lake.extensions / f"v{duckdb.__version__}"
    if all(list(wanted.glob(f"*/{name}.duckdb_extension")) for name in LAKE_EXTENSIONS):
        return
    try:
        from duckdb_extensions import import_extension
    except ImportError as error:
        sentence = "The lake needs packages that are not installed here; run: .venv/bin/python -m pip install '.[scale]'."
        raise WarehouseError(sentence) from error
    lake.extensions.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"extension_directory": str(lake.extensions)}) as connection:
        for name in LAKE_EXTENSIONS:
            try:
                import_extension(name, con=connection)
            except (ImportError, duckdb.Error) as error:
                sentence = (
                    f"DuckDB's extension {name} cannot be taken from its package ({first_line(error)});"
                    f" install duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}."
                )
                raise WarehouseError(sentence) from error


def exists(location: Location) -> bool:
    """Whether there is something to read: the file; of a lake its catalog, which is made when first opened."""
    return isinstance(location, Lake) or location.is_file()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing; the error that undid it goes on, also where the database has rolled back by itself."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        # After a commit that failed, as on a full disk, there is no transaction any more.
        with suppress(duckdb.Error):
            connection.rollback()
        raise


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> Iterator[None]:
    """A frame as a view of the connection while the block runs.

    Where the block fails its error is told, not that a view of an aborted transaction cannot be removed.
    """
    connection.register(name, ArrowFrame(frame))
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):
            connection.unregister(name)
        raise
    connection.unregister(name)


def fetch_frame(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Sequence[object] | Mapping[str, object] = (),
) -> pl.DataFrame:
    """The rows of a query as a polars frame; parameters by position, or by name."""
    given = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
    relation = connection.sql(sql, params=given) if given else connection.sql(sql)
    return pl.DataFrame(relation)


def first_row(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...] | None:
    """The first row of a result, None where there is none; all rows are taken.

    DuckDB 2 lets nothing else happen on a connection while a result is open.
    """
    rows = result.fetchall()
    return rows[0] if rows else None


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the main database of the connection has this table or view."""
    row = first_row(
        connection.execute(
            """
        select count(*)
        from information_schema.tables
        where table_catalog = current_database() and table_schema = ? and table_name = ?
        """,
            [schema, table],
        )
    )
    return row is not None and row[0] > 0


def column_types(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, str]:
    """Column names and DuckDB types of a table, in order; empty where there is no such table."""
    rows = connection.execute(
        """
        select column_name, data_type
        from information_schema.columns
        where table_catalog = current_database() and table_schema = ? and table_name = ?
        order by ordinal_position
        """,
        [schema, table],
    ).fetchall()
    return {str(name): str(data_type) for name, data_type in rows}


def quoted(identifier: str) -> str:
    """An identifier as SQL spells it.

    >>> quoted('year')
    '"year"'
    """
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a SQL literal, for the statements that take no parameters (comment on).

    >>> literal("people's committee")
    "'people''s committee'"
    """
    return "'" + text.replace("'", "''") + "'"


def first_line(error: Exception) -> str:
    """The first line of a database error, without its closing stop."""
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
