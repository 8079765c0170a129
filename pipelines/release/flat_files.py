"""Each mart as CSV and as Parquet, sorted by all its columns, so that the same content gives the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release.database import MARTS, mart_tables, row_count
from pipelines.release.errors import ReleaseError
from pipelines.release.spreadsheet_text import defused_sql
from pipelines.settings import Location
from pipelines.warehouse.connection import column_types, connect, first_line, literal, quoted

CSV = "csv"
PARQUET = "parquet"
# Excel takes a CSV file for UTF-8 only where it begins so.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TIMESTAMP_FORMAT = "%Y-%m-%dT%H:%M:%S"
TEXT_TYPE = "VARCHAR"


@dataclass(frozen=True)
class Export:
    """One mart as exported: rows, and the paths of its files below the release folder."""

    table: str
    rows: int
    csv: str
    parquet: str


def export_csv(warehouse: Location, folder: Path) -> list[Export]:
    """Each mart as ``csv/<table>.csv``: UTF-8 with byte order mark, dates in ISO 8601, formulas defused.

    Nulls are empty, numbers have a dot, yes/no is true and false. The warehouse is only read.
    """
    (folder / CSV).mkdir()
    exports = []
    for connection in _reading(warehouse):
        for table in mart_tables(connection):
            export = Export(
                table=table,
                rows=row_count(connection, table),
                csv=f"{CSV}/{table}.csv",
                parquet=f"{PARQUET}/{table}.parquet",
            )
            _write_csv(connection, table, folder / export.csv)
            exports.append(export)
    return exports


def _write_csv(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    selected = ", ".join(
        f"{defused_sql(quoted(name))} as {quoted(name)}" if data_type == TEXT_TYPE else quoted(name)
        for name, data_type in column_types(connection, MARTS, table).items()
    )
    part = path.with_suffix(".part")
    connection.execute(
        f"copy (select {selected} from (from {MARTS}.{quoted(table)} order by all))"  # noqa: S608
        f" to {literal(str(part))} (format csv, header, timestampformat {literal(TIMESTAMP_FORMAT)})"
    )
    with part.open("rb") as source, path.open("wb") as target:
        target.write(BYTE_ORDER_MARK)
        shutil.copyfileobj(source, target)
    part.unlink()


def export_parquet(database: Path, folder: Path) -> None:
    """Each mart of a released database as ``parquet/<table>.parquet``, text as it was read."""
    (folder / PARQUET).mkdir()
    for connection in _reading(database):
        for table in mart_tables(connection):
            rows = connection.sql(f"from {MARTS}.{quoted(table)} order by all")
            rows.write_parquet(str(folder / PARQUET / f"{table}.parquet"), compression="zstd")


def _reading(database: Location) -> Iterator[duckdb.DuckDBPyConnection]:
    """One connection, on one thread: that keeps the bytes of a Parquet file the same on every machine."""
    try:
        with connect(database, read_only=True) as connection:
            connection.execute("set threads to 1")
            yield connection
    except duckdb.Error as error:
        sentence = f"The marts could not be exported: {first_line(error)}."
        raise ReleaseError(sentence) from error
