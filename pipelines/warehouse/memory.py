"""What the nights remember beside the raw tables: files as they were last seen, and fingerprints of work done.

Kept in the schema ``state`` of the warehouse, which neither dbt nor a release knows. All of it may be lost:
the next night then hashes, matches and builds everything again.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import polars as pl

from pipelines.reading.inventory import Seen
from pipelines.settings import Location
from pipelines.warehouse.connection import (
    WarehouseError,
    connect,
    exists,
    first_line,
    has_table,
    registered,
    transaction,
)

STATE_SCHEMA = "state"
STATE_TABLES = """
    create schema if not exists state;
    create table if not exists state.marks (name text not null, value text not null);
    create table if not exists state.files (
        file text not null, stamp text not null, path text not null, document_id text not null,
        byte_count bigint not null, sidecar_id text, sidecar_received_at timestamp
    );
"""
SEEN = pl.Schema(
    {
        "file": pl.String(),
        "stamp": pl.String(),
        "path": pl.String(),
        "document_id": pl.String(),
        "byte_count": pl.Int64(),
        "sidecar_id": pl.String(),
        "sidecar_received_at": pl.Datetime("us"),
    }
)

# Names of marks.
SCHEMA_VERSION = "schema_version"  # of the warehouse, see pipelines.warehouse.migrations
RAW_VERSION = "raw_version"  # changes with every change of a raw table
MATCHED_WITH = "matched_with"  # catalog and program by which all stored statements were matched
READ_WITHIN = "read_within"  # limits within which the rejected documents could not be read
RELEASED_FROM = "released_from"  # everything that the current release was built from
UNIT_TESTED = "unit_tested"  # dbt project and programs with which dbt's unit tests passed
CATALOG_BUILT = (
    "catalog_built"  # catalog, dbt project and programs with which the tables of reference passed their tests
)
LATEST_NIGHT = "latest_night"  # the clock of the last night, so that one set back is noticed


def read_marks(warehouse: Location) -> dict[str, str]:
    """Every mark by its name; none where there is no warehouse yet."""
    if not exists(warehouse):
        return {}
    with connect(warehouse, read_only=True) as connection:
        if not has_table(connection, STATE_SCHEMA, "marks"):
            return {}
        rows = connection.execute("select name, value from state.marks").fetchall()
    return {str(name): str(value) for name, value in rows}


def write_marks(connection: duckdb.DuckDBPyConnection, marks: Mapping[str, str]) -> None:
    """Set marks; the caller holds the transaction."""
    connection.execute(STATE_TABLES)
    for name, value in marks.items():
        # Not "insert or replace": a lake has no keys.
        connection.execute("delete from state.marks where name = ?", [name])
        connection.execute("insert into state.marks values (?, ?)", [name, value])


def set_marks(warehouse: Location, marks: Mapping[str, str]) -> None:
    """Set marks in a transaction of their own."""
    with connect(warehouse) as connection:
        try:
            with transaction(connection):
                write_marks(connection, marks)
        except duckdb.Error as error:
            sentence = f"{warehouse}: what the night did could not be noted ({first_line(error)})."
            raise WarehouseError(sentence) from error


def read_seen(warehouse: Location) -> list[Seen]:
    """The files as an earlier night saw them; none where there is no warehouse yet."""
    if not exists(warehouse):
        return []
    with connect(warehouse, read_only=True) as connection:
        if not has_table(connection, STATE_SCHEMA, "files"):
            return []
        names = ", ".join(SEEN)
        return [Seen(*row) for row in connection.execute(f"select {names} from state.files").fetchall()]  # noqa: S608


def write_seen(connection: duckdb.DuckDBPyConnection, seen: pl.DataFrame) -> None:
    """Remember these files and no others; only what differs is written. The caller holds the transaction."""
    connection.execute(STATE_TABLES)
    with registered(connection, "seen_now", seen):
        connection.execute(
            "create or replace temp table seen_gone as"
            " select distinct file from (from state.files except all from seen_now)"
        )
        connection.execute(
            "create or replace temp table seen_new as (from seen_now except all from state.files)"
        )
        connection.execute("delete from state.files where file in (from seen_gone)")
        connection.execute(
            "insert into state.files from seen_now"
            " where file in (select file from seen_new) or file in (from seen_gone)"
        )


def remember(connection: duckdb.DuckDBPyConnection, seen: pl.DataFrame, marks: Mapping[str, str]) -> None:
    """Remember files and marks; the caller holds the transaction, if there is one."""
    write_seen(connection, seen)
    write_marks(connection, marks)


def seen_frame(seen: Iterable[Seen]) -> pl.DataFrame:
    """Files as seen, as the table holds them."""
    return pl.DataFrame(list(seen), schema=SEEN, orient="row")


def forget(warehouse: Location) -> None:
    """Forget files and work done, so that the next night hashes every file and builds everything again."""
    if not exists(warehouse):
        return
    with connect(warehouse) as connection, contextlib.suppress(duckdb.CatalogException):
        connection.execute("delete from state.files")
        connection.execute("delete from state.marks where name <> ?", [SCHEMA_VERSION])


def fingerprint(*paths: Path, suffixes: Iterable[str] = ()) -> str:
    """SHA-256 over names and contents of files: those given, and those below the folders given.

    Of a folder only the files with these endings count, if any are given.
    """
    wanted = set(suffixes)
    digest = hashlib.sha256()
    for given in paths:
        folder = given if given.is_dir() else given.parent
        for path in sorted(given.rglob("*")) if given.is_dir() else [given]:
            if path.is_file() and (path == given or not wanted or path.suffix in wanted):
                digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
