"""What a night does again: just what the changes of files, catalog and programs ask for, and to the same end."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import night
from pipelines.night.inventory import night_time
from pipelines.settings import Settings, get_settings
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.memory import (
    LATEST_NIGHT,
    RAW_VERSION,
    SCHEMA_VERSION,
    forget,
    read_marks,
    set_marks,
)
from pipelines.warehouse.migrations import MIGRATIONS, migrate
from pipelines.warehouse.state import read_stored, stored_rows
from schemas.frames import polars_schema
from schemas.tables import NIGHT_TABLES
from tests.integration.test_bad_input import PLAN, REPORT, put, stages

WITH_OTHER_LABELS = "ha-giang/2020-lap-dat-tram-bts.txt"
THIRD = "ca-mau/2023-ke-hoach-ha-tang-so.txt"


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the times of files from their first moment on."""
    monkeypatch.setattr("pipelines.reading.inventory._SETTLED_NS", 0)


@pytest.fixture
def settings(empty_folders: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A first night over two documents, with a catalog that a test may change."""
    shutil.copytree(Settings().home / "data" / "seeds", tmp_path / "seeds")
    monkeypatch.setenv("HATANGSO_SEEDS_DIR", str(tmp_path / "seeds"))
    settings = get_settings()
    put(settings, PLAN, REPORT)
    stages(settings)
    return settings


def touched(settings: Settings) -> list[str]:
    """Paths of the documents whose rows the last night made again."""
    return sorted(night.read_stage(settings, "documents")["path"])


def tables(settings: Settings) -> dict[str, pl.DataFrame]:
    """Every raw table of the night, in an order of its own."""
    found = {}
    for name, model in NIGHT_TABLES.items():
        if name == "unmatched":
            with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
                rows = connection.execute("select * from raw.unmatched").fetchall()
            frame = pl.DataFrame(rows, schema=polars_schema(model), orient="row")
        else:
            frame = stored_rows(settings.warehouse, name, model, None)
        found[name] = frame.drop("received_at", strict=False).sort(pl.all())
    return found


def test_an_unchanged_night_opens_no_file_and_writes_no_raw_table(settings: Settings) -> None:
    version = read_marks(settings.warehouse)[RAW_VERSION]
    before = tables(settings)
    assert night.take_documents(settings).opened == 0
    assert (stages(settings).new_facts, touched(settings)) == (0, [])
    assert read_marks(settings.warehouse)[RAW_VERSION] == version
    assert all(frame.equals(before[name]) for name, frame in tables(settings).items())


def test_a_new_document_touches_no_other(settings: Settings) -> None:
    put(settings, THIRD)
    assert stages(settings).new_facts > 0
    assert touched(settings) == [THIRD]


def test_nights_that_add_up_give_what_one_night_gives(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, THIRD)
    stages(settings)
    in_parts = tables(settings)
    monkeypatch.setenv("HATANGSO_WORK_DIR", str(tmp_path / "elsewhere"))
    at_once = get_settings()
    stages(at_once)
    for name, frame in tables(at_once).items():
        assert frame.equals(in_parts[name]), name


def test_a_changed_catalog_has_all_matched_again_and_none_read(settings: Settings) -> None:
    put(settings, WITH_OTHER_LABELS)
    stages(settings)
    before = tables(settings)
    label = max(before["unmatched"]["label"], key=len)
    with (settings.seeds_dir / "ignored_labels.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([label, "asked about by a test"])
    stages(settings)
    assert touched(settings) == sorted([PLAN, REPORT, WITH_OTHER_LABELS])
    assert night.read_stage(settings, "texts").is_empty()
    assert tables(settings)["unmatched"].height < before["unmatched"].height
    assert tables(settings)["statements"].drop("outcome").equals(before["statements"].drop("outcome"))


def test_a_renamed_file_keeps_its_figures_under_its_new_name(settings: Settings) -> None:
    before = tables(settings)
    for name in (PLAN, f"{PLAN}.yml"):
        (settings.raw_dir / name).rename(settings.raw_dir / name.replace("2023", "moved"))
    stages(settings)
    assert touched(settings) == [PLAN.replace("2023", "moved")]
    assert tables(settings)["facts"].equals(before["facts"])
    paths = tables(settings)["rejects"]["path"].unique().to_list()
    assert PLAN not in paths


def test_a_copy_that_comes_first_by_name_takes_over(settings: Settings) -> None:
    before = tables(settings)
    for name in ("", ".yml"):
        shutil.copyfile(settings.raw_dir / f"{PLAN}{name}", settings.raw_dir / f"a.txt{name}")
    stages(settings)
    assert tables(settings)["facts"].equals(before["facts"])
    rejected = tables(settings)["rejects"].filter(level="document")
    assert rejected.select("path", "reason_code").rows() == [(PLAN, "duplicate_file")]


def test_a_file_that_cannot_be_read_is_asked_once(settings: Settings) -> None:
    (settings.raw_dir / "broken.pdf").write_bytes(b"%PDF-1.7 nothing here")
    stages(settings)
    version = read_marks(settings.warehouse)[RAW_VERSION]
    taken = night.take_documents(settings)
    assert taken.inventory.filter(path="broken.pdf")["status"].to_list() == ["known"]
    stages(settings)
    assert read_marks(settings.warehouse)[RAW_VERSION] == version
    assert tables(settings)["rejects"].filter(level="document")["path"].to_list() == ["broken.pdf"]
    (settings.raw_dir / "broken.pdf").unlink()
    stages(settings)
    assert tables(settings)["rejects"].filter(level="document").is_empty()
    assert "broken.pdf" not in tables(settings)["documents"]["path"]


def test_documents_in_archives_are_recognised_too(settings: Settings) -> None:
    with zipfile.ZipFile(settings.raw_dir / "two.zip", "w") as archive:
        archive.write(Settings().home / "data" / "raw" / THIRD, "third.txt")
    stages(settings)
    assert touched(settings) == ["two.zip!third.txt"]
    taken = night.take_documents(settings)
    assert taken.opened == 0
    assert taken.inventory.filter(path="two.zip!third.txt")["status"].to_list() == ["known"]


def test_what_nights_remember_may_be_lost(settings: Settings) -> None:
    before = tables(settings)
    forget(settings.warehouse)
    taken = night.take_documents(settings)
    assert taken.opened == 2
    assert taken.inventory["status"].to_list() == ["known", "known"]
    stages(settings)
    assert touched(settings) == sorted([PLAN, REPORT])
    assert all(frame.equals(before[name]) for name, frame in tables(settings).items())


def test_a_clock_set_back_dates_nothing_before_the_last_night(settings: Settings) -> None:
    ahead = dt.datetime(2099, 1, 1)  # noqa: DTZ001 - Vietnamese time, as it is stored
    set_marks(settings.warehouse, {LATEST_NIGHT: ahead.isoformat()})
    (sentence,) = night.take_documents(settings).notes
    assert "2099-01-01" in sentence
    assert night_time(settings) == ahead


# --- the warehouse of an earlier version --------------------------------------------------


@pytest.fixture
def of_version_0(settings: Settings) -> Settings:
    """The warehouse as version 0.1.0 left it: raw tables only, documents without the time of withdrawal."""
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("drop schema state cascade")
        connection.execute("alter table raw.documents drop column withdrawn_at")
        connection.execute("update raw.documents set received_at = timestamp '2020-02-03 04:05:06'")
        connection.execute("alter table raw.rejects add column severity varchar")
    return settings


def test_a_warehouse_of_an_earlier_version_keeps_its_rows(of_version_0: Settings) -> None:
    settings = of_version_0
    (settings.raw_dir / REPORT).unlink()
    again = stages(settings)
    assert (again.new_facts, again.gone_facts) == (0, 0)
    assert night.read_stage(settings, "texts").is_empty()
    documents = read_stored(settings.warehouse).documents
    assert documents["received_at"].unique().to_list() == [dt.datetime(2020, 2, 3, 4, 5, 6)]  # noqa: DTZ001
    assert documents.filter(path=REPORT)["withdrawn_at"].null_count() == 0
    assert read_marks(settings.warehouse)[SCHEMA_VERSION] == str(len(MIGRATIONS))


def test_rows_that_lack_what_is_needed_now_are_read_again(of_version_0: Settings) -> None:
    with duckdb.connect(str(of_version_0.warehouse)) as connection:
        connection.execute("alter table raw.statements drop column quote")
    stages(of_version_0)
    assert night.read_stage(of_version_0, "texts").height == 2
    assert night.statement_balance(of_version_0).holds


def test_a_warehouse_of_a_newer_version_is_left_alone(settings: Settings) -> None:
    set_marks(settings.warehouse, {SCHEMA_VERSION: "999"})
    before = settings.warehouse.read_bytes()
    with pytest.raises(WarehouseError, match=r"newer version of hatangso .+ restore a backup"):
        migrate(settings.warehouse)
    assert settings.warehouse.read_bytes() == before
