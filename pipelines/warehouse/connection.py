"""Opening DuckDB files, and frames in and out of them. No table of ours is named here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import polars as pl


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
def connect(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """An open connection, closed at the end.

    Raises ``WarehouseError`` where another program holds the file or it is no DuckDB file.
    """
    if read_only and not path.is_file():
        sentence = f"{path}: there is no database yet; run the nightly first."
        raise WarehouseError(sentence)
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            sentence = (
                f"{path}: another program has this database open; wait for it or close it, and run again."
            )
        else:
            sentence = f"{path}: the database cannot be opened ({first_line(error)})."
        raise WarehouseError(sentence) from error
    except duckdb.Error as error:
        sentence = f"{path}: this is not a database that can be opened here ({first_line(error)})."
        raise WarehouseError(sentence) from error
    try:
        yield connection
    finally:
        connection.close()


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


def fetch_frame(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Sequence[object] | Mapping[str, object] = (),
) -> pl.DataFrame:
    """The rows of a query as a polars frame; parameters by position, or by name."""
    given = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
    relation = connection.sql(sql, params=given) if given else connection.sql(sql)
    return pl.DataFrame(relation)


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the main database of the connection has this table or view."""
    row = connection.execute(
        """
        select count(*)
        from information_schema.tables
        where table_catalog = current_database() and table_schema = ? and table_name = ?
        """,
        [schema, table],
    ).fetchone()
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
