"""hatangso explain: one cell of the marts, every figure that competed for it, and the words of its source."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from pipelines.commands.output import BAD_USAGE, plain, print_csv, print_jsonl, print_table, stop
from pipelines.settings import Location, Settings, get_settings

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
    "page",
    "table_no",
    "table_row",
    "table_column",
    "block_no",
    "char_start",
    "char_end",
    "source_url",
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
        documents.document_number, documents.path, vintages.page, vintages.table_no, vintages.table_row,
        vintages.table_column, vintages.block_no, vintages.char_start, vintages.char_end, documents.source_url,
        vintages.quote, vintages.fact_id, corrections.reason as correction_reason, corrections.corrected_by
    from marts.fct_observation_vintage as vintages
    left join marts.fct_observation as winners
        on winners.admin_unit_key = vintages.admin_unit_key
        and winners.indicator_code = vintages.indicator_code
        and winners.year = vintages.year
    left join marts.dim_document as documents on documents.document_id = vintages.document_id
    left join reference.corrections as corrections
        on cast(corrections.correction_id as varchar) = vintages.correction_id
    where vintages.admin_unit_key = $1 and vintages.indicator_code = $2 and vintages.year = $3
    order by is_winner desc, vintages.priority_rank nulls last, vintages.known_from, vintages.vintage_id
"""
TARGETS = """
    select
        coalesce(targets.target_id = $3, false) as is_used,
        targets.year, targets.comparator, targets.value, units.name as scope_unit, targets.is_current,
        targets.target_source, targets.is_adjustment, targets.adjusts_document_number, targets.kept_from_year,
        targets.published_on, targets.known_from, targets.known_to, targets.withdrawn_at,
        coalesce(documents.document_number, targets.document_number) as document_number, targets.is_confirmed,
        documents.path, targets.page, targets.table_no, targets.table_row, targets.table_column, targets.block_no,
        targets.char_start, targets.char_end, documents.source_url, targets.quote, targets.fact_id
    from marts.fct_target as targets
    inner join marts.dim_admin_unit as units on units.admin_unit_key = targets.admin_unit_key
    left join marts.dim_document as documents on documents.document_id = targets.document_id
    where targets.indicator_code = $2 and (targets.admin_unit_key in ($1, $4) or units.level = 'country')
    order by targets.admin_unit_key = $1 desc, targets.admin_unit_key = $4 desc, targets.year, targets.priority_rank
"""
CONFLICTS = """
    select other_value, difference, tolerance, conflict_type, other_quote, other_document_title, other_fact_id
    from marts.mart_conflict
    where admin_unit_key = $1 and indicator_code = $2 and year = $3
    order by other_vintage_id
"""
# What a missing figure means, by its SDMX observation status.
ABSENCES = {
    "L": "none: no document known reports it (status L)",
    "M": "none: there is no such figure, or the unit no longer existed (status M)",
    "O": "none: a document leaves its place blank (status O)",
}
RULES = "select rule_code, description from reference.priority_rules"


@dataclass(frozen=True)
class Explanation:
    """A mart cell with what it was chosen from; lists are in order of priority."""

    cell: dict[str, Any]
    rule: str
    vintages: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]


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
        print_jsonl(
            [
                {
                    "cell": explanation.cell,
                    "rule": explanation.rule,
                    "vintages": explanation.vintages,
                    "targets": explanation.targets,
                    "conflicts": explanation.conflicts,
                }
            ]
        )
    elif csv:
        print_csv(explanation.vintages, VINTAGE_COLUMNS)
    else:
        show(explanation)


def database_to_read(settings: Settings) -> Location:
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
        rule="" if rule is None else rules.get(rule, "It is the only figure known"),
        vintages=_rows(connection, VINTAGES, [key, indicator, year]),
        targets=_rows(connection, TARGETS, [key, indicator, cell.get("target_id"), province]),
        conflicts=_rows(connection, CONFLICTS, [key, indicator, year]),
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
    _line("actual", _figure(cell))
    _line("target", _target(cell))
    _line("gap", plain(cell["gap_to_target"]))
    _line("attainment %", plain(cell["attainment_pct"]))
    _line("status", f"{cell['progress_status']}{', near the limit' if cell['near_limit'] else ''}")
    if cell["deciding_ratio"]:
        _line("decided by", f"{cell['deciding_ratio']} (rules {cell['rule_version']})")
    if explanation.vintages and cell["winning_rule"]:
        typer.echo(f"\nWhy this figure: {cell['winning_rule']}. {explanation.rule}.")
    if explanation.vintages:
        print_table(explanation.vintages, SHOWN_VINTAGES)
        for row in explanation.vintages:
            typer.echo(
                f"  {'*' if row['is_winner'] else '-'} {plain(row['value'])}: {_source(row)}{_end(row)}"
            )
    for row in explanation.conflicts:
        typer.echo(
            f"\nConflict ({row['conflict_type']}): {plain(row['other_value'])} differs by {plain(row['difference'])},"
            f" more than the tolerance of {plain(row['tolerance'])}."
        )
    if explanation.targets:
        typer.echo("\nTargets of the unit, its province and the country:")
        print_table(explanation.targets, SHOWN_TARGETS)
        for row in explanation.targets:
            if row["is_used"]:
                typer.echo(f"  * {_source(row)}")


def _source(row: dict[str, Any]) -> str:
    """The words, where they stand in the document, and where the document comes from."""
    if row["path"] is None:
        confirmed = "" if row["is_confirmed"] else ", not yet confirmed against its text"
        return f"{row['document_number'] or row['quote']} [catalog of national targets{confirmed}]"
    address = f" {row['source_url']}" if row["source_url"] else ""
    return f"{row['quote']} [{row['path']}, {_place(row)}]{address}"


def _place(row: dict[str, Any]) -> str:
    """Page, table cell and characters, as far as the format has them.

    >>> _place({"page": 3, "table_no": 1, "table_row": 19, "table_column": 5, "char_start": 10, "char_end": 42})
    'page 3, table 1 row 19 column 5, characters 10-42'
    >>> _place({"page": None, "table_no": None, "char_start": 10, "char_end": 42})
    'characters 10-42'
    """
    parts = [] if row["page"] is None else [f"page {row['page']}"]
    if row["table_no"] is not None:
        parts.append(f"table {row['table_no']} row {row['table_row']} column {row['table_column']}")
    parts.append(f"characters {row['char_start']}-{row['char_end']}")
    return ", ".join(parts)


def _end(row: dict[str, Any]) -> str:
    corrected = (
        f" corrected by {row['corrected_by']}: {row['correction_reason']}" if row["corrected_by"] else ""
    )
    return corrected + (f" withdrawn {plain(row['withdrawn_at'])}" if row["withdrawn_at"] else "")


def _line(name: str, value: str) -> None:
    typer.echo(f"  {name:<14}{value or '-'}")


def _figure(cell: dict[str, Any]) -> str:
    """The value with kind and status; without one, what its absence means."""
    if cell["actual_value"] is None:
        return ABSENCES.get(cell["obs_status"], "none known")
    return f"{plain(cell['actual_value'])} ({cell['actual_kind']}, status {cell['obs_status']})"


def _target(cell: dict[str, Any]) -> str:
    if cell["target_value"] is None:
        return "none: no plan known sets one for the unit, its province or the country"
    final = f", final {plain(cell['final_target_value'])} in {cell['final_target_year']}"
    comparator = cell["target_comparator"] or ""
    return f"{comparator} {plain(cell['target_value'])} ({cell['target_scope']}, {cell['target_basis']}{final})".strip()
