"""What each released table and column means, as the dbt manifest says it: the one description behind every file.

Keys, closed lists, required columns and references come from dbt's tests, so that a file never promises
what no test holds. Writing any file belongs elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.release.errors import ReleaseError

REFERENCE = re.compile(r"""ref\(\s*['"](?P<table>\w+)['"]\s*\)""")


@dataclass(frozen=True)
class Column:
    """One column. ``allowed`` is its closed list (empty: any value); ``references`` a table and its column."""

    name: str
    data_type: str
    description: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    references: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """One table or seed. ``key`` names the columns that identify a row; empty where no test says so."""

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """A column by its name; raises ``KeyError`` where there is none."""
        return next(column for column in self.columns if column.name == name)


def described_tables(manifest: Path, schema: str) -> dict[str, Table]:
    """The models and seeds of a schema by name.

    Raises ``ReleaseError`` where there is no manifest that can be read.
    """
    try:
        nodes: Mapping[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    except (OSError, ValueError, KeyError) as error:
        sentence = f"{manifest.name}: dbt's description of the tables cannot be read; run the nightly again."
        raise ReleaseError(sentence) from error
    tests: dict[str, list[Mapping[str, Any]]] = {}
    for node in nodes.values():
        if _is_certain(node):
            tests.setdefault(node["attached_node"], []).append(node)
    return {
        node["name"]: _table(node, tests.get(unique_id, []))
        for unique_id, node in sorted(nodes.items())
        if node["resource_type"] in {"model", "seed"}
        and node["schema"] == schema
        and node["config"]["materialized"] != "table_function"
    }


def _is_certain(node: Mapping[str, Any]) -> bool:
    """A test of a table that always runs over all rows and stops the night when it fails."""
    config = node["config"]
    return (
        node["resource_type"] == "test"
        and bool(node.get("test_metadata"))
        and bool(node.get("attached_node"))
        and not config.get("where")
        and str(config.get("severity", "error")).lower() == "error"
    )


def _table(node: Mapping[str, Any], tests: Iterable[Mapping[str, Any]]) -> Table:
    columns = {
        name: Column(name, str(column.get("data_type") or "varchar"), _sentence(column["description"]))
        for name, column in node["columns"].items()
    }
    unique: set[str] = set()
    combinations: list[tuple[str, ...]] = []
    for test in tests:
        arguments = test["test_metadata"]["kwargs"]
        name = test.get("column_name") or ""
        match test["test_metadata"]["name"]:
            case "unique":
                unique.add(name)
            case "unique_combination":
                combinations.append(tuple(arguments["combination"]))
            case "not_null":
                columns[name] = replace(columns[name], required=True)
            case "columns_not_null":
                for required in arguments["columns"]:
                    columns[required] = replace(columns[required], required=True)
            case "values_in":
                for listed, values in arguments["closed_lists"].items():
                    columns[listed] = replace(columns[listed], allowed=tuple(map(str, values)))
            case "relationships":
                target = REFERENCE.search(str(arguments["to"]))
                if target is not None:
                    references = (target["table"], str(arguments["field"]))
                    columns[name] = replace(columns[name], references=references)
    single = next(((name,) for name in columns if name in unique), None)
    key = single or (min(combinations) if combinations else ())
    return Table(
        node["schema"], node["name"], _sentence(node["description"]), tuple(columns.values()), tuple(key)
    )


def _sentence(text: str) -> str:
    return " ".join(text.split())
