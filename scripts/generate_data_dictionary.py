"""Write docs/data-dictionary.md: every table that a release holds, with its columns.

Source: the yml files of dbt_project and data/seeds alone, which also become the comments in the database.
Run by `make docs`; a test holds the page to them. What is not documented there is not documented here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HOME = Path(__file__).resolve().parents[1]
PAGE = HOME / "docs" / "data-dictionary.md"
MARTS = HOME / "dbt_project" / "models" / "marts" / "_marts.yml"
SOURCES = HOME / "dbt_project" / "models" / "staging" / "_sources.yml"
SEEDS = HOME / "data" / "seeds"

INTRODUCTION = """# Data dictionary

Generated from the yml files of `dbt_project` and `data/seeds` by `make docs`; edit those, not this page.
The same words are comments in the database: `describe marts.fct_target`, `duckdb_columns()`.

`marts` is what analysts work with, `reference` the catalog, `raw` the figures as read. Codes with a closed list
show it. Percentages run from 0 to 100, counts are absolute, speeds are in Mbit/s, yes and no are 1 and 0.
"""

Entry = dict[str, Any]


def entries(path: Path, key: str) -> list[Entry]:
    """The described tables of a yml file, in its order."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [] if content is None else list(content.get(key) or [])


def one_line(text: str | None) -> str:
    """Text for a cell of a table."""
    return " ".join((text or "").split()).replace("|", "\\|")


def closed_lists(entry: Entry) -> dict[str, list[str]]:
    """Column to the values that it may hold, from the tests of the table and of its columns."""
    found: dict[str, list[str]] = {}
    for test in entry.get("data_tests") or []:
        if isinstance(test, dict) and "values_in" in test:
            for column, values in test["values_in"]["arguments"]["closed_lists"].items():
                found[column] = [str(value) for value in values]
    for column in entry.get("columns") or []:
        for test in column.get("data_tests") or []:
            if isinstance(test, dict) and "accepted_values" in test:
                definition = test["accepted_values"]
                values = (definition.get("arguments") or definition)["values"]
                found[column["name"]] = [str(value) for value in values]
    return found


def section(schema: str, entry: Entry) -> str:
    """One table: what a row is, and its columns."""
    lists = closed_lists(entry)
    lines = [f"### {schema}.{entry['name']}", "", one_line(entry.get("description"))]
    if arguments := entry.get("arguments"):
        lines += ["", *(f"- `{item['name']}`: {one_line(item.get('description'))}" for item in arguments)]
    columns = entry.get("columns") or []
    if columns:
        typed = any("data_type" in column for column in columns)
        lines += ["", "| column | type | meaning |" if typed else "| column | meaning |"]
        lines.append("|---|---|---|" if typed else "|---|---|")
        for column in columns:
            meaning = one_line(column.get("description"))
            if column["name"] in lists:
                shown = ", ".join(f"`{value}`" for value in lists[column["name"]])
                meaning = f"{meaning}. One of {shown.replace('|', chr(92) + '|')}"
            cells = [f"`{column['name']}`"]
            if typed:
                cells.append(str(column.get("data_type") or ""))
            lines.append(f"| {' | '.join([*cells, meaning])} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    seeds = [entry for path in sorted(SEEDS.glob("_seeds*.yml")) for entry in entries(path, "seeds")]
    raw = [table for source in entries(SOURCES, "sources") for table in source["tables"]]
    parts = [INTRODUCTION, "## marts\n"]
    parts += [section("marts", entry) for entry in entries(MARTS, "models")]
    parts.append("## reference\n")
    parts += [section("reference", entry) for entry in sorted(seeds, key=lambda entry: str(entry["name"]))]
    parts.append("## raw\n")
    parts += [section("raw", entry) for entry in raw]
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
