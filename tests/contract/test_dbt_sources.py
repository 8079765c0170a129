"""The contracts of the raw tables and dbt's sources say the same: names, order, types, descriptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.settings import get_settings
from schemas.frames import columns
from schemas.tables import RAW_TABLES

SOURCES: Path = get_settings().dbt_project_dir / "models" / "staging" / "_sources.yml"
# How dbt's file may spell a DuckDB type.
SPELLINGS = {
    "varchar": "text",
    "string": "text",
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "float8": "double",
}


def declared_tables() -> dict[str, dict[str, Any]]:
    content = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))
    (raw,) = (source for source in content["sources"] if source["name"] == "raw")
    return {table["name"]: table for table in raw["tables"]}


def spelled(data_type: str) -> str:
    name = data_type.strip().lower()
    return SPELLINGS.get(name, name)


def differences(name: str, table: dict[str, Any]) -> list[str]:
    """What differs between a contract and its source, a line each."""
    expected = {column.name: column for column in columns(RAW_TABLES[name])}
    found = {column["name"]: column for column in table.get("columns", [])}
    lines = [f"- {column}: in schemas/{name}.py only" for column in expected if column not in found]
    lines += [f"+ {column}: in _sources.yml only" for column in found if column not in expected]
    both = [column for column in expected if column in found]
    for column in both:
        wanted, given = (
            expected[column].duckdb_type.lower(),
            spelled(str(found[column].get("data_type", "nothing"))),
        )
        if wanted != given:
            lines.append(f"~ {column}: {wanted} in schemas/{name}.py, {given} in _sources.yml")
        if not str(found[column].get("description", "")).strip():
            lines.append(f"~ {column}: no description in _sources.yml")
    if not lines and list(expected) != list(found):
        lines.append(
            f"~ order: {', '.join(expected)} in schemas/{name}.py, {', '.join(found)} in _sources.yml"
        )
    return lines


def test_both_know_the_same_tables() -> None:
    assert sorted(declared_tables()) == sorted(RAW_TABLES)


@pytest.mark.parametrize("name", RAW_TABLES)
def test_table_is_the_same_in_both(name: str) -> None:
    table = declared_tables().get(name, {})
    found = differences(name, table)
    assert not found, f"raw.{name} differs:\n" + "\n".join(found)


@pytest.mark.parametrize("name", RAW_TABLES)
def test_source_gives_the_grain_first(name: str) -> None:
    assert str(declared_tables()[name].get("description", "")).startswith("One row per ")
