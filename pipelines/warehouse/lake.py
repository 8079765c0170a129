"""What only a lake needs: the snapshot that readers of a release open, and the removal of old snapshots.

Opening a lake is the business of ``connection``.
"""

from __future__ import annotations

import duckdb

from pipelines.settings import Lake
from pipelines.warehouse.connection import LAKE_NAME, WarehouseError, connect, first_line, first_row

KEPT_DAYS = 30


def mark_release(lake: Lake, release: str) -> int:
    """Record the lake's present snapshot as that of a release; returns its number.

    A night replaces table after table, so who needs all of them of one night attaches the lake at this snapshot:
    ``release.current`` holds one row with its number, replaced in one commit.
    """
    with connect(lake) as connection:
        try:
            newest = f"select max(snapshot_id) from ducklake_snapshots('{LAKE_NAME}')"  # noqa: S608 - a name of ours
            row = first_row(connection.execute(newest))
            snapshot = int(row[0]) if row else 0
            connection.begin()
            connection.execute("create schema if not exists release")
            connection.execute(
                "create table if not exists release.current (release varchar, snapshot_id bigint)"
            )
            connection.execute("delete from release.current")
            connection.execute("insert into release.current values (?, ?)", [release, snapshot])
            connection.commit()
        except duckdb.Error as error:
            sentence = f"{lake}: the snapshot of the release could not be recorded ({first_line(error)})."
            raise WarehouseError(sentence) from error
    return snapshot


def remove_old_snapshots(lake: Lake, kept_days: int = KEPT_DAYS) -> int:
    """Forget snapshots older than so many days, but never the released one, and delete files nobody can reach.

    Returns how many snapshots were forgotten. Readers of a younger snapshot notice nothing.
    """
    with connect(lake) as connection:
        try:
            rows = connection.execute(
                f"""
                select snapshot_id
                from ducklake_snapshots('{LAKE_NAME}')
                where snapshot_time < now() - to_days(?)
                    and snapshot_id not in (select snapshot_id from release.current)
                    and snapshot_id < (select max(snapshot_id) from ducklake_snapshots('{LAKE_NAME}'))
                order by snapshot_id
                """,  # noqa: S608 - a name of ours
                [kept_days],
            ).fetchall()
            old = [int(row[0]) for row in rows]
            if old:
                versions = ", ".join(str(number) for number in old)
                connection.execute(
                    f"call ducklake_expire_snapshots('{LAKE_NAME}', versions => [{versions}]::ubigint[])"
                )
            connection.execute(
                f"call ducklake_cleanup_old_files('{LAKE_NAME}', older_than => now() - to_days({int(kept_days)}))"
            )
        except duckdb.Error as error:
            sentence = f"{lake}: old snapshots could not be removed ({first_line(error)})."
            raise WarehouseError(sentence) from error
    return len(old)
