"""What two releases say differently: every cell of every mart that was added, changed or removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release.database import DATABASE, MARTS
from pipelines.release.errors import ReleaseError
from pipelines.warehouse.connection import first_line, first_row, literal, quoted

ADDED = "added"
CHANGED = "changed"
REMOVED = "removed"
# It says how its own release differs from the one before, so it always differs.
NOT_COMPARED = ("mart_release_change",)


@dataclass(frozen=True)
class Difference:
    """One cell that differs. ``row`` names the row by its key; values are as DuckDB writes them, null for none.

    A row that was added or removed gives one line with ``column`` null for the whole of it.
    """

    table: str
    change: str
    row: str
    column: str | None
    before: str | None
    after: str | None


def differences(before: Path, after: Path) -> Iterator[Difference]:
    """Everything in which the marts of two release folders differ, table by table, in the order of the rows.

    Rows are matched by the primary key of the table; where it has none, by all their values, so that a
    change shows as a row removed and a row added. Raises ``ReleaseError`` where a release cannot be read.
    """
    with duckdb.connect() as connection:
        for name, folder in (("before", before), ("after", after)):
            database = folder / DATABASE
            if not database.is_file():
                sentence = f"{folder.name}: there is no database in this release."
                raise ReleaseError(sentence)
            try:
                connection.execute(f"attach {literal(str(database))} as {quoted(name)} (read_only)")
            except duckdb.Error as error:
                sentence = f"{folder.name}: its database cannot be opened ({first_line(error)})."
                raise ReleaseError(sentence) from error
        old, new = _columns(connection, "before"), _columns(connection, "after")
        for table in sorted((old.keys() | new.keys()) - set(NOT_COMPARED)):
            if table not in old or table not in new:
                change = ADDED if table in new else REMOVED
                yield Difference(table, change, "the whole table", None, None, None)
                continue
            for column in old[table]:
                if column not in new[table]:
                    yield Difference(table, REMOVED, "the whole column", column, None, None)
            for column in new[table]:
                if column not in old[table]:
                    yield Difference(table, ADDED, "the whole column", column, None, None)
            common = [column for column in new[table] if column in old[table]]
            key = [column for column in _key(connection, table) if column in common] or common
            yield from _rows(connection, table, key, common)


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    rows = connection.execute(
        """
        select table_name, list(column_name order by column_index)
        from duckdb_columns()
        where database_name = ? and schema_name = ? group by table_name
        """,
        [database, MARTS],
    ).fetchall()
    return dict(rows)


def _key(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    row = first_row(
        connection.execute(
            """
        select constraint_column_names
        from duckdb_constraints()
        where database_name = 'after' and schema_name = ? and table_name = ? and constraint_type = 'PRIMARY KEY'
        """,
            [MARTS, table],
        )
    )
    return list(row[0]) if row else []


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, key: list[str], columns: list[str]
) -> Iterator[Difference]:
    """The differing rows of one table, by one outer join on the key.

    A key of all columns may repeat, so equal rows are numbered.
    """
    values = [column for column in columns if column not in key]
    partition = ", ".join(quoted(column) for column in key)
    side = "(select *, row_number() over (partition by {key}) as same_row from {database}.{schema}.{table})"
    old, new = (
        side.format(key=partition, database=quoted(name), schema=MARTS, table=quoted(table))
        for name in ("before", "after")
    )
    joined = " and ".join(
        f"old.{quoted(column)} is not distinct from new.{quoted(column)}" for column in [*key, "same_row"]
    )
    differs = " or ".join(f"old.{quoted(column)} is distinct from new.{quoted(column)}" for column in values)
    shown = ", ".join(
        f"cast(coalesce(old.{quoted(column)}, new.{quoted(column)}) as varchar)" for column in key
    )
    cells = "".join(
        f", cast(old.{quoted(column)} as varchar), cast(new.{quoted(column)} as varchar)" for column in values
    )
    cursor = connection.execute(
        f"""
        select
            case when old.same_row is null then '{ADDED}' when new.same_row is null then '{REMOVED}' else '{CHANGED}' end,
            [{shown}]{cells}
        from {old} as old
        full outer join {new} as new on {joined}
        where old.same_row is null or new.same_row is null or {differs or "false"}
        order by 2, 1
        """  # noqa: S608 - names come from the databases, quoted
    )
    while found := cursor.fetchone():
        change, names = found[0], found[1]
        row = ", ".join(
            f"{column}={name}" for column, name in zip(key, names, strict=True) if name is not None
        )
        if change != CHANGED:
            yield Difference(table, change, row, None, None, None)
            continue
        for number, column in enumerate(values):
            was, now = found[2 + 2 * number], found[3 + 2 * number]
            if was != now:
                yield Difference(table, change, row, column, was, now)
