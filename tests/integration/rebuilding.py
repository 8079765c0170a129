"""Building the marts of made-up raw tables: once by dbt itself, then as often as needed by its compiled SQL.

A build by compiled SQL is the build that dbt would make (same statements, same order), without the ten
seconds that a start of dbt takes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.settings import get_settings
from pipelines.warehouse.connection import ArrowFrame
from pipelines.warehouse.load import RAW_SCHEMA, ensure_table
from schemas.tables import RAW_TABLES

DATABASE = "warehouse.duckdb"
LAYERS = ("staging", "intermediate", "marts")


@dataclass(frozen=True)
class Model:
    """A dbt model as compiled: where it goes, how it is kept, and its select statement."""

    name: str
    schema: str
    materialized: str
    parameters: tuple[str, ...]
    sql: str

    def ddl(self) -> str:
        """The statement that builds it."""
        if self.materialized == "table_function":
            kind, head = "macro", f"{self.schema}.{self.name}({', '.join(self.parameters)}) as table"
        else:
            kind, head = self.materialized, f"{self.schema}.{self.name} as"
        return f"create or replace {kind} {head} {self.sql}"


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Every raw table, empty, as the contracts say."""
    connection.execute(f"create schema if not exists {RAW_SCHEMA}")
    for name, model in RAW_TABLES.items():
        ensure_table(connection, name, model)


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of one raw table; columns that no row names are null. The rows share their keys."""
    if not rows:
        return
    names = ", ".join(rows[0])
    connection.register("incoming", ArrowFrame(pl.DataFrame(list(rows), infer_schema_length=None)))
    connection.execute(f"insert into raw.{table} ({names}) select {names} from incoming")
    connection.unregister("incoming")


def dbt_build(folder: Path, *selected: str) -> list[Model]:
    """Build seeds and the selected models of folder/warehouse.duckdb by dbt; their compiled SQL, in order."""
    target = folder / "target"
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "--quiet",
        "build",
        "--profiles-dir",
        ".",
        "--exclude-resource-type",
        "test",
        "unit_test",
        "--select",
        *selected,
    ]
    done = subprocess.run(
        command,
        cwd=get_settings().dbt_project_dir,
        env=os.environ
        | {
            "HATANGSO_WAREHOUSE": str(folder / DATABASE),
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(folder / "logs"),
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return compiled_models(target)


def compiled_models(target: Path) -> list[Model]:
    """The models that dbt compiled, each after those it reads from."""
    nodes = {
        key: node
        for key, node in json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"].items()
        if node["resource_type"] == "model"
    }
    ordered: list[Model] = []
    done: set[str] = set()

    def add(key: str) -> None:
        if key in done or key not in nodes:
            return
        done.add(key)
        node = nodes[key]
        for parent in node["depends_on"]["nodes"]:
            add(parent)
        path = target / "compiled" / "hatangso" / node["original_file_path"]
        if path.is_file():
            config = node["config"]
            ordered.append(
                Model(
                    node["name"],
                    node["schema"],
                    config["materialized"],
                    tuple(config.get("parameters") or ()),
                    path.read_text(encoding="utf-8"),
                )
            )

    for key in sorted(nodes):
        add(key)
    return ordered


def build(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    """Build every model of a database named warehouse anew, from its raw tables and its catalog."""
    for layer in LAYERS:
        connection.execute(f"create schema if not exists {layer}")
    for model in models:
        connection.execute(model.ddl())


def fresh(folder: Path, like: Path) -> duckdb.DuckDBPyConnection:
    """A database named warehouse in a folder of its own, with the catalog and empty raw tables."""
    folder.mkdir(parents=True)
    connection = duckdb.connect(str(folder / DATABASE))
    create_raw_tables(connection)
    connection.execute("create schema reference")
    connection.execute(f"attach '{like / DATABASE}' as source (read_only)")
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'source' and schema_name = 'reference'"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"create table reference.{table} as select * from source.reference.{table}")
    connection.execute("detach source")
    return connection
