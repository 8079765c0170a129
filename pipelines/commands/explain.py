"""hatangso explain: one cell of the marts, every figure that competed for it, and the words of its source."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pipelines.commands.output import BAD_USAGE, plain, print_csv, print_jsonl, print_table, stop
from pipelines.settings import Settings, get_settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LONGEST_LIST = 10
VINTAGE_COLUMNS = (
    "is_winner",
    "value",
    "unit",
    "kind",
    "obs_status",
    "as_of",
    "published_on",
    "known_from",
    "known_to",
    "withdrawn_at",
    "is_own_document",
    "document_number",
    "path",
    "quote",
    "fact_id",
)
TARGET_COLUMNS = (
    "is_used",
    "year",
    "comparator",
    "value",
    "scope_unit",
    "is_current",
    "target_source",
    "is_adjustment",
    "adjusts_document_number",
    "kept_from_year",
    "published_on",
    "known_from",
    "known_to",
    "withdrawn_at",
    "document_number",
    "path",
    "quote",
    "fact_id",
)
SHOWN_VINTAGES = ("is_winner", "value", "unit", "kind", "as_of", "published_on", "known_from")
SHOWN_TARGETS = (
    "is_used",
    "year",
    "comparator",
    "value",
    "scope_unit",
    "is_current",
    "published_on",
    "document_number",
)

# Upper-cased accents and đ make no difference between a name as typed and as listed.
FOLDED = "replace(strip_accents(lower({})), 'đ', 'd')"
UNITS = f"""
    select admin_unit_key, admin_unit_code, name, level, valid_from, valid_to
    from marts.dim_admin_unit
    where admin_unit_key = $1 or admin_unit_code = $1
        or {FOLDED.format("name")} = {FOLDED.format("$1")}
        or ends_with({FOLDED.format("name")}, ' ' || {FOLDED.format("$1")})
    order by level = 'province' desc, level = 'district' desc, admin_unit_key
"""  # noqa: S608 - made of constants; the name is a parameter
CELL = """
    select '{level}' as level, *
    from marts.mart_{level}_indicator_yearly
    where admin_unit_key = $1 and indicator_code = $2 and year = $3
"""
VINTAGES = """
    select
        coalesce(vintages.vintage_id = winners.vintage_id, false) as is_winner,
        vintages.value, vintages.unit, vintages.kind, vintages.obs_status, vintages.as_of,
        vintages.published_on, vintages.known_from, vintages.known_to, vintages.withdrawn_at, vintages.is_own_document,
        documents.document_number, documents.path, vintages.quote, vintages.fact_id
    from marts.fct_observation_vintage as vintages
    left join marts.fct_observation as winners
        on winners.admin_unit_key = vintages.admin_unit_key
        and winners.indicator_code = vintages.indicator_code
        and winners.year = vintages.year
    left join marts.dim_document as documents on documents.document_id = vintages.document_id
    where vintages.admin_unit_key = $1 and vintages.indicator_code = $2 and vintages.year = $3
    order by is_winner desc, vintages.priority_rank nulls last, vintages.known_from, vintages.vintage_id
"""
TARGETS = """
    select
        coalesce(targets.target_id = $3, false) as is_used,
        targets.year, targets.comparator, targets.value, units.name as scope_unit, targets.is_current,
        targets.target_source, targets.is_adjustment, targets.adjusts_document_number, targets.kept_from_year,
        targets.published_on, targets.known_from, targets.known_to, targets.withdrawn_at,
        coalesce(documents.document_number, targets.document_number) as document_number,
        documents.path, targets.quote, targets.fact_id
    from marts.fct_target as targets
    inner join marts.dim_admin_unit as units on units.admin_unit_key = targets.admin_unit_key
    left join marts.dim_document as documents on documents.document_id = targets.document_id
    where targets.indicator_code = $2 and targets.admin_unit_key in ($1, $4, 'VN@1976-07-02')
    order by targets.admin_unit_key = $1 desc, targets.admin_unit_key = $4 desc, targets.year, targets.priority_rank
"""
RULES = "select rule_code, description from reference.priority_rules"


@dataclass(frozen=True)
class Explanation:
    """A mart cell with what it was chosen from; lists are in order of priority."""

    cell: dict[str, Any]
    rule: str
    vintages: list[dict[str, Any]]
    targets: list[dict[str, Any]]


def run_explain(unit: str, indicator: str, year: int, *, jsonl: bool, csv: bool) -> None:
    """Print the explanation of one cell; exit 2 for an unknown unit or indicator, 1 where there is no such cell."""
    from pipelines.warehouse.connection import WarehouseError, connect

    settings = get_settings()
    try:
        with connect(database_to_read(settings), read_only=True) as connection:
            explanation = explain(connection, unit, indicator, year)
    except WarehouseError as error:
        stop(str(error))
    if jsonl:
        content = {"cell": explanation.cell, "rule": explanation.rule}
        print_jsonl([content | {"vintages": explanation.vintages, "targets": explanation.targets}])
    elif csv:
        print_csv(explanation.vintages, VINTAGE_COLUMNS)
    else:
        show(explanation)


def database_to_read(settings: Settings) -> Path:
    """The released database, which no night writes to; before the first release the warehouse itself."""
    released = settings.current_release / "warehouse.duckdb"
    return released if released.is_file() else settings.warehouse


def explain(connection: DuckDBPyConnection, unit: str, indicator: str, year: int) -> Explanation:
    """Find the cell and what competed for it."""
    _known_indicator(connection, indicator)
    units = _rows(connection, UNITS, [unit])
    if not units:
        stop(f"No administrative unit is called {unit!r}; give its name, its code or its key.", BAD_USAGE)
    cells = [cell for row in units for cell in _cells(connection, row, indicator, year)]
    if not cells:
        names = _named(units)
        years = _years(connection, [row["admin_unit_key"] for row in units], indicator)
        known = (
            f"figures are known for {', '.join(map(str, years))}"
            if years
            else "no year has a figure or a target"
        )
        stop(f"{names}, {indicator}, {year}: there is no such cell; {known}.")
    if len(cells) > 1:
        keys = ", ".join(f"{cell['admin_unit_name']} ({cell['admin_unit_key']})" for cell in cells)
        stop(f"{unit!r} may be {keys}; repeat with the key.", BAD_USAGE)
    cell = cells[0]
    key, province = cell["admin_unit_key"], cell.get("province_key")
    rules = {row["rule_code"]: row["description"] for row in _rows(connection, RULES, [])}
    rule = cell.get("winning_rule")
    return Explanation(
        cell=cell,
        rule="" if rule is None else rules.get(rule, "It is the only figure known."),
        vintages=_rows(connection, VINTAGES, [key, indicator, year]),
        targets=_rows(connection, TARGETS, [key, indicator, cell.get("target_id"), province]),
    )


def _known_indicator(connection: DuckDBPyConnection, indicator: str) -> None:
    codes = [
        row["indicator_code"]
        for row in _rows(connection, "select indicator_code from marts.dim_indicator", [])
    ]
    if indicator not in codes:
        nearest = difflib.get_close_matches(indicator, codes, n=3, cutoff=0.5)
        hint = f"; perhaps {', '.join(nearest)}" if nearest else ""
        stop(f"No indicator has the code {indicator!r}{hint}.", BAD_USAGE)


def _cells(
    connection: DuckDBPyConnection, unit: dict[str, Any], indicator: str, year: int
) -> list[dict[str, Any]]:
    if unit["level"] not in {"province", "district", "commune"}:
        return []
    return _rows(connection, CELL.format(level=unit["level"]), [unit["admin_unit_key"], indicator, year])


def _years(connection: DuckDBPyConnection, keys: Sequence[str], indicator: str) -> list[int]:
    years = _rows(
        connection,
        """
        select distinct year from (
            select admin_unit_key, indicator_code, year from marts.fct_observation
            union all
            select admin_unit_key, indicator_code, year from marts.fct_target
        )
        where list_contains($1, admin_unit_key) and indicator_code = $2 order by year
        """,
        [list(keys), indicator],
    )
    return [row["year"] for row in years]


def _named(units: Sequence[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(str(row["name"]) for row in units))
    return " / ".join(names[:LONGEST_LIST])


def _rows(connection: DuckDBPyConnection, sql: str, parameters: Sequence[object]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def show(explanation: Explanation) -> None:
    """The explanation for a person."""
    cell = explanation.cell
    typer.echo(f"{cell['admin_unit_name']} ({cell['admin_unit_key']}), {cell['year']}")
    typer.echo(
        f"{cell['indicator_name_vi']} / {cell['indicator_name_en']} ({cell['indicator_code']}, {cell['unit']})\n"
    )
    _line("actual", _figure(cell["actual_value"], cell["actual_kind"], cell["obs_status"]))
    _line("target", _target(cell))
    _line("gap", plain(cell["gap_to_target"]))
    _line("attainment %", plain(cell["attainment_pct"]))
    _line("status", plain(cell["progress_status"]))
    if cell["deciding_ratio"]:
        _line("decided by", f"{cell['deciding_ratio']} (rules {cell['rule_version']})")
    if cell["conflict_count"]:
        _line("conflicts", f"{cell['conflict_count']}, see marts.mart_conflict")
    if explanation.vintages:
        typer.echo(f"\nWhy this figure: {cell['winning_rule']}. {explanation.rule}")
        print_table(explanation.vintages, SHOWN_VINTAGES)
        for row in explanation.vintages:
            typer.echo(
                f"  {'*' if row['is_winner'] else '-'} {plain(row['value'])}: {row['quote']} [{row['path']}]{_end(row)}"
            )
    if explanation.targets:
        typer.echo("\nTargets of the unit, its province and the country:")
        print_table(explanation.targets, SHOWN_TARGETS)
        for row in explanation.targets:
            if row["is_used"]:
                typer.echo(
                    f"  * {row['path'] or row['document_number']}: {row['quote'] or 'from the catalog'}"
                )


def _end(row: dict[str, Any]) -> str:
    return f" withdrawn {plain(row['withdrawn_at'])}" if row["withdrawn_at"] else ""


def _line(name: str, value: str) -> None:
    typer.echo(f"  {name:<14}{value or '-'}")


def _figure(value: float | None, kind: str | None, status: str | None) -> str:
    return "" if value is None else f"{plain(value)} ({kind}, status {status})"


def _target(cell: dict[str, Any]) -> str:
    if cell["target_value"] is None:
        return ""
    final = f", final {plain(cell['final_target_value'])} in {cell['final_target_year']}"
    comparator = cell["target_comparator"] or ""
    return f"{comparator} {plain(cell['target_value'])} ({cell['target_scope']}, {cell['target_basis']}{final})".strip()
