"""Releases: the same content gives the same bytes, readers are switched at once, a bad release is not published."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from pipelines.release.database import export_database
from pipelines.release.errors import ReleaseError
from pipelines.release.naming import existing_releases
from pipelines.release.publish import BUILDING
from pipelines.release.published import Retention, current_release, prune, switch_current
from pipelines.release.report import markdown_table
from pipelines.warehouse.connection import connect, fetch_frame
from tests.unit.releasing import MARTS, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_release_is_complete(place: Place) -> None:
    done = place.publish()
    assert done.is_new
    assert done.release.startswith("2026-10-12-0001-")
    folder = place.published / "current"
    assert folder.readlink() == Path(done.release)
    assert {path.name for path in folder.iterdir()} == {
        "MANIFEST.json",
        "csv",
        "datapackage.json",
        "docs",
        "hatangso.xlsx",
        "parquet",
        "report.html",
        "report.md",
        "warehouse.duckdb",
    }
    assert (folder / "csv" / "fct_observation.csv").read_text() == "\ufeffcode,value\na,1.0\nb,2.0\nc,\n"
    assert pl.read_parquet(folder / "parquet" / "fct_observation.parquet")["code"].to_list() == [
        "a",
        "b",
        "c",
    ]
    assert not (place.published / BUILDING).exists()


def test_the_manifest_holds_hashes_inputs_and_versions(place: Place) -> None:
    place.publish()
    manifest = json.loads((place.published / "current" / "MANIFEST.json").read_text())
    assert {path: entry["sha256"] for path, entry in manifest["files"].items()} == place.files()
    assert manifest["documents"][0]["path"] == "a.txt"
    assert manifest["versions"] == {"reader": "1"}
    assert list(manifest["catalog"]) == ["units.csv"]
    assert sorted(table["table"] for table in manifest["tables"]) == sorted(MARTS)


def test_the_released_database_stands_alone(place: Place) -> None:
    place.publish()
    database = place.published / "current" / "warehouse.duckdb"
    place.warehouse.unlink()
    with connect(database, read_only=True) as connection:
        schemas = {row[0] for row in connection.execute("select schema_name from duckdb_tables()").fetchall()}
        assert schemas == {"marts", "raw", "reference"}
        comments = connection.execute(
            "select comment from duckdb_tables() where table_name = 'fct_observation'"
        ).fetchone()
        assert comments == ("One row per unit's figure",)
        assert fetch_frame(connection, "select * from marts.as_of(date '2026-01-01')").height == 3


def test_the_same_content_makes_no_new_release(place: Place) -> None:
    first = place.publish()
    place.change(
        "create or replace table marts.fct_observation as select * from marts.fct_observation order by code desc"
    )
    second = place.publish()
    assert (second.is_new, second.release, second.content_id) == (False, first.release, first.content_id)
    assert len(existing_releases(place.published)) == 1


def test_the_same_content_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = Place(tmp_path / "one"), Place(tmp_path / "two")
    two.change(
        "create or replace table marts.fct_observation as select * from marts.fct_observation order by code desc"
    )
    assert one.publish().release == two.publish().release
    manifests = []
    for place in (one, two):
        manifest = json.loads((place.current / "MANIFEST.json").read_text())
        # DuckDB gives each database a mark of its own.
        del manifest["files"]["warehouse.duckdb"]
        manifests.append(manifest)
    assert manifests[0] == manifests[1]
    assert {"hatangso.xlsx", "datapackage.json", "csv/fct_target.csv"} <= set(manifests[0]["files"])


def test_a_changed_figure_makes_a_release_that_sorts_after(place: Place) -> None:
    first = place.publish()
    place.change("update marts.fct_observation set value = 9 where code = 'a'")
    second = place.publish()
    assert second.is_new
    assert second.release > first.release
    assert (place.published / first.release / "csv" / "fct_observation.csv").is_file()
    assert current_release(place.published)["release"] == second.release  # type: ignore[index]


def test_a_changed_catalog_makes_a_release(place: Place) -> None:
    place.publish()
    (place.seeds / "units.csv").write_text("unit\npercent\ncount\n")
    assert place.publish().is_new


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda place: place.change("drop table marts.dim_indicator"), "marts.dim_indicator is missing"),
        (lambda place: place.docs.unlink(), "index.html is missing"),
        (lambda place: place.docs.write_text(""), "index.html is empty"),
        (
            lambda place: place.change(
                "create or replace macro marts.as_of(d) as table select * from staging.stg_documents"
            ),
            "macro marts.as_of does not hold",
        ),
        (
            lambda place: place.change("insert into marts.fct_observation values ('a', 3)"),
            "not told apart by",
        ),
        (
            lambda place: place.change("create table marts.mart_new (code varchar)"),
            r"dbt does not describe marts\.mart_new",
        ),
        (
            lambda place: place.change("alter table marts.dim_indicator add column extra varchar"),
            r"dbt describes other columns of marts\.dim_indicator than it has: extra",
        ),
        (
            lambda place: place.manifest.unlink(),
            r"manifest\.json: dbt's description of the tables cannot be read",
        ),
    ],
)
def test_a_release_that_fails_a_check_is_not_published(place: Place, damage: Any, words: str) -> None:
    first = place.publish()
    place.change("update marts.fct_observation set value = 9 where code = 'a'")
    damage(place)
    with pytest.raises(ReleaseError, match=words) as error:
        place.publish()
    assert "the one before stays" in str(error.value)
    assert current_release(place.published)["release"] == first.release  # type: ignore[index]
    assert [str(name)[:15] for name in existing_releases(place.published)] == ["2026-10-12-0001"]
    assert not (place.published / BUILDING).exists()


def test_a_full_disk_leaves_the_old_release(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first = place.publish()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "hatangso.xlsx")

    monkeypatch.setattr("pipelines.release.publish.write_workbook", full)
    with pytest.raises(
        ReleaseError, match=r"the one before stays: .*No space left on device: 'hatangso\.xlsx'"
    ):
        place.publish_value(9)
    assert current_release(place.published)["release"] == first.release  # type: ignore[index]
    assert not (place.published / BUILDING).exists()


def test_rubbish_of_a_broken_night_is_cleared(place: Place) -> None:
    (place.published / BUILDING / "csv").mkdir(parents=True)
    assert place.publish().is_new
    assert not (place.published / BUILDING).exists()


def test_old_releases_go_but_never_the_current_one(place: Place) -> None:
    names = []
    for value in range(4):
        place.change(f"update marts.fct_observation set value = {value + 10} where code = 'a'")
        names.append(place.publish(keep_releases=2).release)
    assert [str(name)[:15] for name in existing_releases(place.published)] == [
        "2026-10-12-0003",
        "2026-10-12-0004",
    ]
    switch_current(place.published, names[2])
    place.change("update marts.fct_observation set value = 99 where code = 'a'")
    assert prune(place.published, Retention(1)) == [names[3]]
    assert (place.published / "current" / "MANIFEST.json").is_file()


def test_a_folder_in_place_of_the_link_is_not_overwritten(place: Place) -> None:
    (place.published / "current").mkdir(parents=True)
    (place.published / "current" / "mine.txt").write_text("keep me")
    with pytest.raises(ReleaseError, match="must be a link"):
        place.publish()
    assert (place.published / "current" / "mine.txt").read_text() == "keep me"


def test_released_files_cannot_be_written(place: Place) -> None:
    place.publish()
    files = [path for path in place.current.resolve().rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o222 for path in files} == {0}


def test_keys_are_primary_in_the_released_database(place: Place) -> None:
    place.publish()
    with connect(place.current / "warehouse.duckdb", read_only=True) as connection:
        keys = connection.execute(
            """
            select schema_name || '.' || table_name, constraint_column_names
            from duckdb_constraints() where constraint_type = 'PRIMARY KEY' order by 1
            """
        ).fetchall()
    assert keys == [("marts.fct_observation", ["code"]), ("raw.documents", ["document_id"])]


@pytest.mark.parametrize(("large_from", "block_bytes"), [(3, 16384), (2, 262144)])
def test_raw_rows_of_a_document_stand_together_in_blocks_of_their_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large_from: int, block_bytes: int
) -> None:
    monkeypatch.setattr("pipelines.release.database.LARGE_BLOCKS_FROM", large_from)
    warehouse, manifest = tmp_path / "work.duckdb", tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {}}))
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema raw; create schema marts; create schema reference")
        connection.execute(
            "create table raw.facts as from (values ('1', 'b'), ('2', 'a')) as facts (fact_id, document_id)"
        )
    (tmp_path / "release").mkdir()
    database = export_database(warehouse, tmp_path / "release", manifest)
    assert list((tmp_path / "release").iterdir()) == [database]
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("from raw.facts").fetchall() == [("2", "a"), ("1", "b")]
        assert connection.execute("select block_size from pragma_database_size()").fetchall() == [
            (block_bytes,)
        ]


def test_the_workbook_says_where_a_mart_has_more_rows(place: Place) -> None:
    place.publish(rows_a_sheet=2)
    book = openpyxl.load_workbook(place.current / "hatangso.xlsx", read_only=True)
    assert len(list(book["fct_observation"].iter_rows())) == 1 + 2
    contents = {row[0]: row[1:4] for row in book[book.sheetnames[0]].iter_rows(min_row=4, values_only=True)}
    assert contents["fct_observation"][:2] == (3, 2)
    assert "Only the first 2 of 3 rows; all are in csv/fct_observation.csv." in contents["fct_observation"][2]


def test_a_reader_of_the_old_release_is_not_disturbed(place: Place) -> None:
    place.publish()
    with connect(place.published / "current" / "warehouse.duckdb", read_only=True) as reader:
        place.change("update marts.fct_observation set value = 9 where code = 'a'")
        place.publish()
        assert reader.execute("select sum(value) from marts.fct_observation").fetchone() == (3.0,)


def test_markdown_tables_hold_any_value() -> None:
    frame = pl.DataFrame({"name": ["a|b", None, "hai\ndòng"], "value": [80.0, 1.5, None]})
    assert markdown_table(frame).splitlines()[2:] == ["| a\\|b | 80 |", "|  | 1.5 |", "| hai dòng |  |"]
