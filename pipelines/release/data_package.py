"""Descriptions of the CSV files for machines: datapackage.json (Frictionless Data) and CSV on the Web metadata.

Both say what the dbt manifest says; nothing about a column is written here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.release.columns import Column, Table
from pipelines.release.flat_files import CSV, Export
from pipelines.release.naming import file_hash

DATA_PACKAGE = "datapackage.json"
CSVW = f"{CSV}/csv-metadata.json"
TITLE = "hatangso: indicators of digital infrastructure in Vietnam, figures beside their targets"
ENCODING_NOTE = (
    "CSV files are UTF-8 with a byte order mark. Text that a spreadsheet program would calculate (it begins"
    " with =, +, -, @, a tab or a line break) has a quote mark before it; parquet/ holds it as it was read."
)
# What DuckDB's types are called by each standard.
TABLE_SCHEMA_TYPES = {
    "varchar": "string",
    "double": "number",
    "integer": "integer",
    "bigint": "integer",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
}
CSVW_TYPES = TABLE_SCHEMA_TYPES | {"double": "double", "timestamp": "dateTime"}


def write_data_package(
    folder: Path, release: str, exports: Sequence[Export], tables: Mapping[str, Table]
) -> None:
    """Write ``datapackage.json``: each CSV file with its hash, columns, types, keys, closed lists and references."""
    package = {
        "profile": "tabular-data-package",
        "name": "hatangso",
        "title": TITLE,
        "description": ENCODING_NOTE,
        "version": release,
        "resources": [_resource(folder, export, tables) for export in exports],
    }
    _write_json(folder / DATA_PACKAGE, package)


def _resource(folder: Path, export: Export, tables: Mapping[str, Table]) -> dict[str, Any]:
    table = tables[export.table]
    path = folder / export.csv
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [_reference(column, table) for column in _referring(table, tables)]
    if references:
        schema["foreignKeys"] = references
    return {
        "profile": "tabular-data-resource",
        "name": export.table.replace("_", "-"),
        "title": export.table,
        "description": table.description,
        "path": export.csv,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_hash(path)}",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    field: dict[str, Any] = {
        "name": column.name,
        "type": TABLE_SCHEMA_TYPES[column.data_type],
        "description": column.description,
    }
    return field | {"constraints": constraints} if constraints else field


def _referring(table: Table, tables: Mapping[str, Table]) -> list[Column]:
    return [column for column in table.columns if column.references and column.references[0] in tables]


def _reference(column: Column, table: Table) -> dict[str, Any]:
    target, field = column.references or ("", "")
    # A table that refers to itself is named by nothing.
    resource = "" if target == table.name else target.replace("_", "-")
    return {"fields": [column.name], "reference": {"resource": resource, "fields": [field]}}


def write_csvw(folder: Path, exports: Sequence[Export], tables: Mapping[str, Table]) -> None:
    """Write ``csv/csv-metadata.json``, the description of all CSV files by the W3C's CSV on the Web."""
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": TITLE,
        "dc:description": ENCODING_NOTE,
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ","},
        "tables": [_csvw_table(export, tables) for export in exports],
    }
    _write_json(folder / CSVW, group)


def _csvw_table(export: Export, tables: Mapping[str, Table]) -> dict[str, Any]:
    table = tables[export.table]
    schema: dict[str, Any] = {"columns": [_csvw_column(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [
        {
            "columnReference": [column.name],
            "reference": {"resource": f"{target}.csv", "columnReference": [field]},
        }
        for column in _referring(table, tables)
        for target, field in [column.references or ("", "")]
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "url": f"{export.table}.csv",
        "dc:description": table.description,
        "tableSchema": schema,
    }


def _csvw_column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": [column.name],
        "datatype": CSVW_TYPES[column.data_type],
        "dc:description": column.description,
        "required": column.required,
    }


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
