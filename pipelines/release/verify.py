"""The checks a release has to pass before readers are switched to it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipelines.release.data_package import CSVW, DATA_PACKAGE
from pipelines.release.database import DATABASE, MARTS, mart_tables, row_count
from pipelines.release.flat_files import Export
from pipelines.release.lineage import DOCS_PAGE
from pipelines.release.manifest import damage
from pipelines.release.report import REPORT_HTML, REPORT_MD
from pipelines.release.workbook import WORKBOOK
from pipelines.warehouse.connection import WarehouseError, column_types, connect, first_line

SMALLEST_DOCS_PAGE = 10_000
# Tables without which a release is of no use, and macros that must answer.
NEEDED_MARTS = ("dim_indicator", "dim_admin_unit", "dim_document", "fct_observation", "fct_target")
NEEDED_FILES = (REPORT_MD, REPORT_HTML, WORKBOOK, DATA_PACKAGE, CSVW)


def failures(folder: Path, exports: Sequence[Export]) -> list[str]:
    """What is wrong with a built release, one sentence each; empty when it may be published."""
    return [
        *_database(folder, exports),
        *_files(folder, exports),
        *_descriptions(folder),
        *_workbook(folder / WORKBOOK),
        *_docs(folder / DOCS_PAGE),
        *damage(folder),
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
    for name in NEEDED_FILES:
        if not (folder / name).is_file():
            yield f"The file {name} was not written."


def _rows(path: Path) -> int:
    scan = pl.scan_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.scan_parquet(path)
    return int(scan.select(pl.len()).collect().item())


def _descriptions(folder: Path) -> Iterator[str]:
    """The data package describes exactly the columns that each mart has."""
    try:
        package = json.loads((folder / DATA_PACKAGE).read_text(encoding="utf-8"))
        with connect(folder / DATABASE, read_only=True) as connection:
            for resource in package["resources"]:
                table = resource["title"]
                described = [field["name"] for field in resource["schema"]["fields"]]
                found = list(column_types(connection, MARTS, table))
                if described != found:
                    differing = sorted(set(described) ^ set(found)) or ["their order"]
                    yield f"dbt describes other columns of marts.{table} than it has: {', '.join(differing)}."
    except (OSError, ValueError, KeyError, WarehouseError) as error:
        yield f"{DATA_PACKAGE} was not written whole ({error})."


def _workbook(path: Path) -> Iterator[str]:
    try:
        with zipfile.ZipFile(path) as book:
            broken = book.testzip()
            if broken or "xl/workbook.xml" not in book.namelist():
                yield f"The workbook {path.name} was not written whole."
    except (OSError, zipfile.BadZipFile):
        yield f"The workbook {path.name} was not written whole."


def _docs(page: Path) -> Iterator[str]:
    if not page.is_file():
        yield f"The documentation page {page.name} is missing."
    elif page.stat().st_size < SMALLEST_DOCS_PAGE:
        yield f"The documentation page {page.name} is empty."
