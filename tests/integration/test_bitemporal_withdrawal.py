"""A file that leaves the raw folder: its figures stay as vintages, and the first night without it counts."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from pipelines import night
from pipelines.settings import Settings
from pipelines.warehouse.state import read_stored

PLAN = "quang-tri/2023-ke-hoach-ha-tang-so-dieu-chinh.txt"
REPORT = "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt"


def put(settings: Settings, *paths: str) -> None:
    """Copy documents of the sample, with their sidecars, into the raw folder."""
    for path in paths:
        for name in (path, f"{path}.yml"):
            target = settings.raw_dir / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Settings().home / "data" / "raw" / name, target)


def stages(settings: Settings) -> night.Loaded:
    night.take_documents(settings)
    night.read_blocks(settings)
    night.extract_statements(settings)
    night.match_facts(settings)
    return night.load_warehouse(settings)


def withdrawn(settings: Settings) -> dict[str, dt.datetime | None]:
    documents = read_stored(settings.warehouse).documents
    return dict(documents.select("path", "withdrawn_at").iter_rows())


@pytest.fixture
def first_night(empty_folders: Settings) -> tuple[Settings, night.Loaded]:
    put(empty_folders, PLAN, REPORT)
    return empty_folders, stages(empty_folders)


def test_a_withdrawn_file_keeps_its_rows(first_night: tuple[Settings, night.Loaded]) -> None:
    settings, first = first_night
    assert withdrawn(settings) == {PLAN: None, REPORT: None}
    (settings.raw_dir / PLAN).unlink()
    assert stages(settings).rows == first.rows
    at = withdrawn(settings)
    assert at[PLAN] is not None
    assert at[REPORT] is None
    assert stages(settings).rows == first.rows
    assert withdrawn(settings) == at


def test_a_file_that_comes_back_is_no_longer_withdrawn(first_night: tuple[Settings, night.Loaded]) -> None:
    settings, first = first_night
    (settings.raw_dir / PLAN).unlink()
    stages(settings)
    put(settings, PLAN)
    assert stages(settings).rows == first.rows
    assert withdrawn(settings) == {PLAN: None, REPORT: None}


def test_a_file_that_moves_is_not_withdrawn(first_night: tuple[Settings, night.Loaded]) -> None:
    settings, _ = first_night
    (settings.raw_dir / PLAN).rename(settings.raw_dir / "moved.txt")
    (settings.raw_dir / f"{PLAN}.yml").rename(settings.raw_dir / "moved.txt.yml")
    stages(settings)
    assert withdrawn(settings) == {"moved.txt": None, REPORT: None}


def test_a_file_that_cannot_be_used_tonight_is_not_withdrawn(
    first_night: tuple[Settings, night.Loaded],
) -> None:
    settings, _ = first_night
    (settings.raw_dir / f"{PLAN}.yml").write_text("issued_on: tomorrow\n", encoding="utf-8")
    stages(settings)
    assert withdrawn(settings) == {PLAN: None, REPORT: None}


def test_a_file_that_is_replaced_is_withdrawn_and_received(
    first_night: tuple[Settings, night.Loaded],
) -> None:
    settings, _ = first_night
    text = (settings.raw_dir / PLAN).read_text(encoding="utf-8")
    (settings.raw_dir / PLAN).write_text(text.replace("trên 85%", "trên 86%"), encoding="utf-8")
    stages(settings)
    documents = read_stored(settings.warehouse).documents.filter(path=PLAN)
    assert sorted(at is None for at in documents["withdrawn_at"]) == [False, True]
