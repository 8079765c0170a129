"""The warehouse: one transaction, nothing lost, and what is read back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.warehouse.connection import WarehouseError, connect
from pipelines.warehouse.load import load_night, models_at_once
from pipelines.warehouse.released_cells import (
    follow_released_cells,
    mart_cells,
    rotated,
)
from pipelines.warehouse.state import read_released_cells, read_stored
from schemas.documents import Documents
from schemas.frames import StructuralError, columns, empty_frame, polars_schema
from schemas.released_cells import ReleasedCells
from schemas.tables import NIGHT_TABLES, RAW_TABLES

DOCUMENT_ID = "a" * 64


def documents(*paths: str) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for number, path in enumerate(paths):
        row: dict[str, Any] = {column.name: None for column in columns(Documents)}
        row |= {
            "document_id": f"{number:064x}",
            "path": path,
            "byte_count": 10,
            "received_at": dt.datetime(2026, 10, 1, 8),  # noqa: DTZ001 - the column is in Vietnamese time
            "status": "read",
            "block_count": 1,
            "statement_count": 1,
            "reader_version": "1",
            "extractor_version": "1",
        }
        rows.append(row)
    return pl.DataFrame(rows, schema=polars_schema(Documents))


def night(**frames: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {name: frames.get(name, empty_frame(model)) for name, model in NIGHT_TABLES.items()}


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return tmp_path / "work" / "warehouse.duckdb"


def rows(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    with connect(warehouse, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_all_raw_tables_are_made_with_their_comments(warehouse: Path) -> None:
    loaded = load_night(warehouse, night(documents=documents("a.txt", "b.txt")))
    assert loaded == {"documents": 2, "statements": 0, "facts": 0, "unmatched": 0, "rejects": 0}
    tables = rows(
        warehouse, "select table_name, comment from duckdb_tables() where schema_name = 'raw' order by 1"
    )
    assert [name for name, _ in tables] == sorted(RAW_TABLES)
    assert all(comment.startswith("One row per ") for _, comment in tables)
    uncommented = rows(
        warehouse, "select column_name from duckdb_columns() where schema_name = 'raw' and comment is null"
    )
    assert uncommented == []


def test_types_are_those_of_the_contracts(warehouse: Path) -> None:
    load_night(warehouse, night())
    for name, model in RAW_TABLES.items():
        found = rows(
            warehouse,
            f"select column_name, data_type, is_nullable from duckdb_columns() where table_name = '{name}' order by column_index",
        )
        expected = [(c.name, c.duckdb_type.replace("TEXT", "VARCHAR"), c.nullable) for c in columns(model)]
        assert found == expected


def test_a_night_replaces_the_night_before(warehouse: Path) -> None:
    load_night(warehouse, night(documents=documents("a.txt", "b.txt")))
    load_night(warehouse, night(documents=documents("c.txt")))
    assert rows(warehouse, "select path from raw.documents") == [("c.txt",)]


def test_large_marts_are_built_one_after_the_other(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_night(warehouse, night(documents=documents("a.txt")))
    assert models_at_once(warehouse) == 2
    monkeypatch.setattr("pipelines.warehouse.load.MANY_FACTS", -1)
    assert models_at_once(warehouse) == 1


def test_memory_is_bounded_by_the_settings(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATANGSO_WAREHOUSE_MEMORY_MIB", "300")
    load_night(warehouse, night())
    assert rows(warehouse, "select current_setting('memory_limit')") == [("300.0 MiB",)]


def test_a_failing_load_leaves_everything_as_it_was(warehouse: Path) -> None:
    load_night(warehouse, night(documents=documents("a.txt")))
    nameless = documents("b.txt").with_columns(pl.lit(None, dtype=pl.String).alias("path"))
    with pytest.raises(WarehouseError, match=r"undone, the tables are as before .*path"):
        load_night(warehouse, night(documents=nameless))
    assert rows(warehouse, "select path from raw.documents") == [("a.txt",)]


def test_a_frame_against_its_contract_is_refused_before_the_database_is_touched(warehouse: Path) -> None:
    with pytest.raises(StructuralError, match="lacks the columns path"):
        load_night(warehouse, night(documents=documents("a.txt").drop("path")))
    assert not warehouse.exists()


def test_a_missing_frame_is_named(warehouse: Path) -> None:
    frames = night()
    del frames["facts"], frames["rejects"]
    with pytest.raises(WarehouseError, match=r"no frame for raw\.facts, raw\.rejects"):
        load_night(warehouse, frames)


def test_a_table_of_an_older_version_is_made_anew(warehouse: Path) -> None:
    warehouse.parent.mkdir()
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema raw; create table raw.documents as select 1 as old_column")
    assert read_stored(warehouse).documents.is_empty()
    load_night(warehouse, night(documents=documents("a.txt")))
    assert rows(warehouse, "select path from raw.documents") == [("a.txt",)]


def test_what_was_stored_is_read_back(warehouse: Path) -> None:
    assert read_stored(warehouse).documents.is_empty()
    load_night(warehouse, night(documents=documents("b.txt", "a.txt")))
    assert read_stored(warehouse).documents.equals(documents("b.txt", "a.txt"))


def test_the_release_stands_in_for_an_emptied_work_folder(warehouse: Path, tmp_path: Path) -> None:
    released = tmp_path / "released.duckdb"
    load_night(released, night(documents=documents("a.txt")))
    assert read_stored(warehouse, released).documents["path"].to_list() == ["a.txt"]


def test_a_file_that_is_no_database_gives_one_sentence(warehouse: Path) -> None:
    warehouse.parent.mkdir()
    warehouse.write_text("this is no database at all, but it is long enough to be looked at" * 100)
    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb"):
        load_night(warehouse, night())


def test_reading_a_warehouse_that_is_not_there_says_what_to_do(warehouse: Path) -> None:
    with pytest.raises(WarehouseError, match="run the nightly first"), connect(warehouse, read_only=True):
        pass


def cells(*values: float) -> pl.DataFrame:
    return pl.DataFrame(
        [
            ("38", "province", f"indicator_{number}", 2024, value, None, "no_target")
            for number, value in enumerate(values)
        ],
        schema={
            name: dtype for name, dtype in polars_schema(ReleasedCells).items() if name != "release_slot"
        },
        orient="row",
    )


def slots(frame: pl.DataFrame) -> dict[str, list[float]]:
    by_slot = frame.sort("indicator_code").group_by("release_slot").agg("actual_value")
    return dict(by_slot.iter_rows())


def test_slots_move_with_each_release_that_changed_a_cell() -> None:
    first = rotated(empty_frame(ReleasedCells), cells(1.0))
    second = rotated(first, cells(2.0, 3.0))
    third = rotated(second, cells(4.0))
    assert slots(first) == {"current": [1.0]}
    assert slots(second) == {"current": [2.0, 3.0], "previous": [1.0]}
    assert slots(third) == {"current": [4.0], "previous": [2.0, 3.0]}


def test_slots_stay_where_no_cell_changed() -> None:
    second = rotated(rotated(empty_frame(ReleasedCells), cells(1.0)), cells(2.0))
    assert rotated(second, cells(2.0)) is second


def make_marts(warehouse: Path, value: float) -> None:
    with connect(warehouse) as connection:
        connection.execute("create schema if not exists marts")
        for level in ("province", "district", "commune"):
            connection.execute(
                f"""
                create or replace table marts.mart_{level}_indicator_yearly as
                select '38' as admin_unit_code, 'x' as indicator_code, 2024::integer as year,
                    {value}::double as actual_value, null::double as target_value, 'no_target' as progress_status
                """
            )


def make_release(database: Path, value: float, before: Path | None = None) -> Path:
    """A released database: its marts, and the cells of the release before as the night found them."""
    load_night(database, night())
    if before is not None:
        follow_released_cells(database, before)
    make_marts(database, value)
    return database


def test_mart_cells_cover_all_levels(warehouse: Path) -> None:
    load_night(warehouse, night())
    make_marts(warehouse, 1.0)
    assert sorted(mart_cells(warehouse)["level"]) == ["commune", "district", "province"]


def test_released_cells_follow_the_current_release(warehouse: Path, tmp_path: Path) -> None:
    first = make_release(tmp_path / "first.duckdb", 1.0)
    second = make_release(tmp_path / "second.duckdb", 2.0, before=first)
    load_night(warehouse, night())
    assert not follow_released_cells(warehouse, tmp_path / "none.duckdb")
    for released, expected in (
        (first, {"current": [1.0] * 3}),
        (second, {"current": [2.0] * 3, "previous": [1.0] * 3}),
        # Rolled back: the next night compares with the first release again.
        (first, {"current": [1.0] * 3}),
    ):
        assert follow_released_cells(warehouse, released)
        assert slots(read_released_cells(warehouse)) == expected
        assert not follow_released_cells(warehouse, released)


def test_a_night_leaves_the_released_cells_alone(warehouse: Path, tmp_path: Path) -> None:
    load_night(warehouse, night())
    follow_released_cells(warehouse, make_release(tmp_path / "first.duckdb", 1.0))
    load_night(warehouse, night(documents=documents("a.txt")))
    assert read_released_cells(warehouse).height == 3


def test_a_release_of_another_version_is_not_followed(warehouse: Path, tmp_path: Path) -> None:
    load_night(warehouse, night())
    old = tmp_path / "old.duckdb"
    load_night(old, night())
    assert not follow_released_cells(warehouse, old)


def test_cells_without_marts_are_missing_in_words(warehouse: Path) -> None:
    load_night(warehouse, night())
    with pytest.raises(WarehouseError, match="mart_province_indicator_yearly"):
        mart_cells(warehouse)
