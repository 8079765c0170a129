"""The lake: DuckLake on a PostgreSQL of the test's own gives what the file gives, while analysts read.

`make lake-test` runs this file alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.settings import Lake, find_home
from pipelines.warehouse.connection import WarehouseError, attach, connect, fetch_frame
from pipelines.warehouse.lake import mark_release, remove_old_snapshots
from tests.integration.postgresql import running_postgresql
from tests.integration.running import Night, run

READERS = 8
# One analyst in a process of his own: round after round of questions on one snapshot each, until the file "stop"
# is there; tells what he got as one JSON line.
ANALYST = """
import json, sys, time
from pathlib import Path
from pipelines.settings import Lake
from pipelines.warehouse.connection import connect
catalog, data, extensions, stop = sys.argv[1:]
queries = [
    "select count(*) from marts.mart_province_indicator_yearly",
    "select indicator_code, actual_value, progress_status from marts.mart_province_indicator_yearly"
    " where province_code = '38' order by all",
    "select count(*) from marts.as_of(date '2030-01-01')",
    "select count(*), count(distinct fact_id) from raw.facts",
]
asked, errors, empty = 0, [], 0
with connect(Lake(catalog, data, Path(extensions))) as lake:
    while not Path(stop).exists():
        try:
            lake.begin()
            for query in queries:
                empty += lake.execute(query).fetchone()[0] == 0
                asked += 1
            lake.commit()
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}"[:300])
            break
        time.sleep(8)
print(json.dumps({"asked": asked, "errors": errors, "empty": empty}))
"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    folder = tmp_path_factory.mktemp("lake")
    with running_postgresql() as server:
        yield Lake(server.catalog(), f"{folder / 'data'}/", folder / "work" / "duckdb-extensions")


def fill_from_file(lake: Lake, warehouse: Path) -> None:
    """Put the tables and table functions of a file's night into the lake, as if a night had been there."""
    with connect(lake) as connection:
        attach(connection, warehouse, "night", read_only=True)
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'night' and schema_name in ('raw', 'marts', 'reference')"
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table {schema}.{table} as select * from night.{schema}.{table}")
        functions = connection.execute(
            "select function_name, macro_definition from duckdb_functions()"
            " where database_name = 'night' and function_type = 'table_macro'"
        ).fetchall()
        for name, definition in functions:
            body = definition.replace("night.", "")
            connection.execute(f"create macro marts.{name}(known_on) as table {body}")


@contextmanager
def analysts(lake: Lake, stop: Path) -> Iterator[list[dict[str, object]]]:
    """So many analysts asking while the block runs; their answers are in the list at its end."""
    command = [sys.executable, "-c", ANALYST, lake.catalog, lake.data, str(lake.extensions), str(stop)]
    answers: list[dict[str, object]] = []
    processes = [
        subprocess.Popen(command, cwd=find_home(), stdout=subprocess.PIPE, text=True) for _ in range(READERS)
    ]
    try:
        yield answers
    finally:
        stop.touch()
        outputs = [process.communicate(timeout=120)[0] for process in processes]
    # A slow query draws its progress before.
    answers += [json.loads(output.splitlines()[-1]) for output in outputs]


@pytest.mark.slow
def test_lake_gives_the_bytes_of_the_file_while_analysts_read(
    lake: Lake, night: Night, tmp_path: Path
) -> None:
    fill_from_file(lake, night.settings.warehouse)
    environment = {
        "HATANGSO_WORK_DIR": str(lake.extensions.parent),
        "HATANGSO_PUBLISHED_DIR": str(tmp_path / "published"),
        "HATANGSO_WAREHOUSE_TARGET": "lake",
        "HATANGSO_LAKE_CATALOG": lake.catalog,
        "HATANGSO_LAKE_DATA": lake.data,
    }
    with analysts(lake, tmp_path / "stop") as answers:
        done = run("nightly", environment=environment)

    assert done.returncode == 0, done.stderr
    assert [answer["errors"] for answer in answers] == [[]] * READERS
    assert all(answer["asked"] for answer in answers)
    assert not any(answer["empty"] for answer in answers)
    of_file, of_lake = (
        {path.name: path.read_bytes() for path in (published / "current" / "csv").iterdir()}
        for published in (night.settings.published_dir, tmp_path / "published")
    )
    assert of_lake.keys() == of_file.keys()
    # What changed against the release before differs by that release alone: the lake was given one.
    assert [name for name in of_file if of_lake[name] != of_file[name]] in ([], ["mart_release_change.csv"])

    with connect(lake) as connection:
        comments = fetch_frame(
            connection,
            "select count(*) from duckdb_columns() where schema_name = 'marts' and comment is not null",
        ).item()
        snapshot = fetch_frame(connection, "select snapshot_id from release.current").item()
        facts = fetch_frame(connection, "select count(*) from raw.facts").item()
        connection.execute("delete from raw.facts")
        connection.execute(
            f"attach 'ducklake:postgres:{lake.catalog}' as at_release (snapshot_version {snapshot})"
        )
        kept = fetch_frame(connection, "select count(*) from at_release.raw.facts").item()
    assert comments > 100
    assert kept == facts > 0


@pytest.mark.slow
def test_old_snapshots_go_and_the_released_one_stays(lake: Lake) -> None:
    with connect(lake) as connection:
        connection.execute("create table main.numbers as select 1 as number")
    released = mark_release(lake, "a release")
    with connect(lake) as connection:
        connection.execute("insert into main.numbers values (2)")
        connection.execute("insert into main.numbers values (3)")
    time.sleep(0.1)

    assert remove_old_snapshots(lake, kept_days=0) > 0
    with connect(lake) as connection:
        left = [
            row[0]
            for row in connection.execute(
                "select snapshot_id from ducklake_snapshots('warehouse')"
            ).fetchall()
        ]
        newest = connection.execute("select count(*) from main.numbers").fetchone()
    assert released in left
    assert newest == (3,)


def test_catalog_out_of_reach_is_one_sentence_without_the_password(tmp_path: Path) -> None:
    lake = Lake(
        "dbname=lake host=127.0.0.1 port=1 user=a password=secret-word", str(tmp_path), tmp_path / "ext"
    )
    with pytest.raises(WarehouseError, match="check that PostgreSQL runs") as caught, connect(lake):
        pass
    assert "secret-word" not in str(caught.value)
    assert "\n" not in str(caught.value)
