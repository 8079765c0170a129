"""The checks a release has to pass before readers are switched to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipelines.release.export import DATABASE, MARTS, Export, mart_tables, row_count
from pipelines.warehouse.connection import WarehouseError, connect, first_line

SMALLEST_DOCS_PAGE = 10_000
# Tables without which a release is of no use, and macros that must answer.
NEEDED_MARTS = ("dim_indicator", "dim_admin_unit", "dim_document", "fct_observation", "fct_target")


def failures(folder: Path, exports: Sequence[Export], docs_page: str) -> list[str]:
    """What is wrong with a built release, one sentence each; empty when it may be published."""
    return [
        *_database(folder, exports),
        *_files(folder, exports),
        *_docs(folder / docs_page),
        *_manifest(folder),
    ]


def _database(folder: Path, exports: Sequence[Export]) -> Iterator[str]:
    try:
        with connect(folder / DATABASE, read_only=True) as connection:
            tables = mart_tables(connection)
            for needed in NEEDED_MARTS:
                if needed not in tables:
                    yield f"The table marts.{needed} is missing from the released database."
            for export in exports:
                found = row_count(connection, export.table) if export.table in tables else -1
                if found != export.rows:
                    yield f"marts.{export.table} holds {found} rows where {export.rows} were exported."
            yield from _macros(connection)
    except WarehouseError as error:
        yield str(error)
    except duckdb.Error as error:
        yield f"The released database does not answer: {first_line(error)}."


def _macros(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    macros = connection.execute(
        """
        select function_name from duckdb_functions()
        where database_name = current_database() and schema_name = ? and function_type = 'table_macro'
        order by 1
        """,
        [MARTS],
    ).fetchall()
    for (name,) in macros:
        try:
            connection.execute(f"select count(*) from {MARTS}.{name}(date '2026-01-01')")  # noqa: S608
        except duckdb.Error as error:
            yield f"The macro marts.{name} does not answer in the released database: {first_line(error)}."


def _files(folder: Path, exports: Sequence[Export]) -> Iterator[str]:
    if not exports:
        yield "The marts hold no table to release."
    for export in exports:
        for path in (folder / export.csv, folder / export.parquet):
            if not path.is_file():
                yield f"The file {path.name} was not written."
                continue
            rows = _rows(path)
            if rows != export.rows:
                yield f"The file {path.name} holds {rows} rows where its table holds {export.rows}."


def _rows(path: Path) -> int:
    scan = pl.scan_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.scan_parquet(path)
    return int(scan.select(pl.len()).collect().item())


def _docs(page: Path) -> Iterator[str]:
    if not page.is_file():
        yield f"The documentation page {page.name} is missing."
    elif page.stat().st_size < SMALLEST_DOCS_PAGE:
        yield f"The documentation page {page.name} is empty."


def _manifest(folder: Path) -> Iterator[str]:
    try:
        json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        yield "MANIFEST.json was not written whole."
