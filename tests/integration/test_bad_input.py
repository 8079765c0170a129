"""Bad input: a clear sentence for each, nothing stored is lost, and nothing is written for a bad catalog."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import night
from pipelines.reading.errors import InputError
from pipelines.settings import Settings, get_settings
from pipelines.warehouse.state import read_stored
from tests.integration.running import run

PLAN = "quang-tri/2023-ke-hoach-ha-tang-so-dieu-chinh.txt"
REPORT = "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt"


def stages(settings: Settings) -> night.Loaded:
    """The stages of a night up to the warehouse, as the job runs them."""
    night.check_catalog(settings)
    night.take_documents(settings)
    night.read_blocks(settings)
    night.extract_statements(settings)
    night.match_facts(settings)
    assert night.statement_balance(settings).holds
    assert night.document_balance(settings).holds
    return night.load_warehouse(settings)


def put(settings: Settings, *paths: str) -> None:
    """Copy documents of the sample, with their sidecars, into the raw folder."""
    sample = Settings().home / "data" / "raw"
    for path in paths:
        for name in (path, f"{path}.yml"):
            target = settings.raw_dir / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(sample / name, target)


def rejected(settings: Settings) -> dict[str, tuple[str, str]]:
    """Reason code and sentence of each rejected document, by path."""
    rows = read_stored(settings.warehouse).rejects.filter(level="document")
    return {
        path: (code, reason)
        for path, code, reason in rows.select("path", "reason_code", "reason").iter_rows()
    }


def facts(settings: Settings) -> int:
    return len(night.stored_fact_ids(settings.warehouse))


def test_an_empty_raw_folder_stops_the_night(empty_folders: Settings) -> None:
    with pytest.raises(InputError, match=r"holds no document"):
        night.take_documents(empty_folders)


def test_a_missing_raw_folder_stops_the_night(empty_folders: Settings) -> None:
    empty_folders.raw_dir.rmdir()
    with pytest.raises(InputError, match=r"is missing"):
        night.take_documents(empty_folders)


@pytest.mark.parametrize("prepare", [Path.rmdir, Path.exists], ids=["missing", "empty"])
def test_the_command_says_so_at_once_and_writes_nothing(
    empty_folders: Settings, prepare: Callable[[Path], object]
) -> None:
    prepare(empty_folders.raw_dir)
    done = run("nightly")
    assert done.returncode == 1
    assert str(empty_folders.raw_dir) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not empty_folders.work_dir.exists()
    assert not empty_folders.published_dir.exists()


def test_bad_documents_are_rejects_and_the_others_are_read(empty_folders: Settings) -> None:
    settings = empty_folders
    put(settings, PLAN)
    raw = settings.raw_dir
    (raw / "empty.txt").write_bytes(b"")
    (raw / "scan.pdf").write_bytes(b"%PDF-1.7 nothing here")
    (raw / "latin.txt").write_bytes(b"h\xe9 t\xe9l\xe9phone \xff\xfe 80%")
    (raw / "copy.txt").write_bytes((raw / PLAN).read_bytes())
    (raw / "gone.txt").symlink_to(raw / "nowhere.txt")
    (raw / "key.txt").write_text("Tỷ lệ hộ có Internet đạt 80%.", encoding="utf-8")
    (raw / "key.txt.yml").write_text("issuer: UBND\ncolour: red\n", encoding="utf-8")
    (raw / "date.txt").write_text("Tỷ lệ hộ có Internet đạt 81%.", encoding="utf-8")
    (raw / "date.txt.yml").write_text("issued_on: 32/13/2023\n", encoding="utf-8")
    stages(settings)
    found = rejected(settings)
    # Of two files with the same content the first by name is read.
    assert set(found) == {"empty.txt", "scan.pdf", "latin.txt", PLAN, "gone.txt", "key.txt", "date.txt"}
    assert found["empty.txt"][0] == "empty_file"
    assert found["scan.pdf"][0] == "broken_file"
    assert found[PLAN][0] == "duplicate_file"
    assert found["key.txt"][0] == "sidecar_invalid"
    assert "key.txt.yml, line 2" in found["key.txt"][1]
    assert "colour" in found["key.txt"][1]
    assert "date.txt.yml, line 1" in found["date.txt"][1]
    assert all(path in sentence for path, (_, sentence) in found.items())
    assert facts(settings) > 0


def test_a_sidecar_that_breaks_loses_nothing_stored(empty_folders: Settings) -> None:
    settings = empty_folders
    put(settings, PLAN, REPORT)
    first = stages(settings)
    sidecar = settings.raw_dir / f"{PLAN}.yml"
    good = sidecar.read_text(encoding="utf-8")
    sidecar.write_text("issued_on: tomorrow\n", encoding="utf-8")
    second = stages(settings)
    assert rejected(settings)[PLAN][0] == "sidecar_invalid"
    assert (second.rows["facts"], second.new_facts, second.gone_facts) == (first.rows["facts"], 0, 0)
    sidecar.write_text(good, encoding="utf-8")
    assert stages(settings).rows == first.rows
    assert rejected(settings) == {}


def test_a_document_that_is_gone_stays_in_the_warehouse(empty_folders: Settings) -> None:
    settings = empty_folders
    put(settings, PLAN, REPORT)
    first = stages(settings)
    (settings.raw_dir / PLAN).unlink()
    (settings.raw_dir / f"{PLAN}.yml").unlink()
    second = stages(settings)
    assert (second.rows["documents"], second.rows["facts"]) == (2, first.rows["facts"])


def test_known_content_is_not_read_again(empty_folders: Settings) -> None:
    settings = empty_folders
    put(settings, PLAN)
    stages(settings)
    stored = read_stored(settings.warehouse)
    os.rename(settings.raw_dir / PLAN, settings.raw_dir / "moved.txt")  # noqa: PTH104
    os.rename(settings.raw_dir / f"{PLAN}.yml", settings.raw_dir / "moved.txt.yml")  # noqa: PTH104
    inventory = night.take_documents(settings).inventory
    assert inventory["status"].to_list() == ["known"]
    assert night.read_blocks(settings).document_count == 0
    again = stages(settings)
    assert (again.new_facts, again.gone_facts) == (0, 0)
    moved = read_stored(settings.warehouse)
    assert moved.documents["path"].to_list() == ["moved.txt"]
    assert moved.statements.equals(stored.statements)


def test_a_document_added_later_adds_to_what_is_there(empty_folders: Settings) -> None:
    settings = empty_folders
    put(settings, PLAN)
    first = stages(settings)
    put(settings, REPORT)
    second = stages(settings)
    assert second.gone_facts == 0
    assert second.new_facts == second.rows["facts"] - first.rows["facts"] > 0


@pytest.fixture
def own_catalog(empty_folders: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the catalog that a test may damage."""
    shutil.copytree(Settings().home / "data" / "seeds", tmp_path / "seeds")
    monkeypatch.setenv("HATANGSO_SEEDS_DIR", str(tmp_path / "seeds"))
    put(empty_folders, PLAN)
    return get_settings()


def add_line(settings: Settings, name: str, **cells: str) -> int:
    """Append a row to a table of the catalog; returns its line."""
    path = settings.seeds_dir / name
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header = lines[0].split(",")
    path.write_text(
        "\n".join([*lines, ",".join(cells.get(column, "") for column in header), ""]), encoding="utf-8"
    )
    return len(lines) + 1


def an_alias_and_another_indicator(settings: Settings) -> tuple[str, str, str]:
    """An alias, its indicator, and another indicator of the same unit."""
    with (settings.seeds_dir / "indicators.csv").open(encoding="utf-8", newline="") as file:
        units = {row["indicator_code"]: row["unit"] for row in csv.DictReader(file)}
    with (settings.seeds_dir / "indicator_aliases.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if "," not in row["alias"])
    code = row["indicator_code"]
    other = next(other for other, unit in units.items() if unit == units[code] and other != code)
    return row["alias"], code, other


def test_an_unknown_code_in_the_catalog_stops_the_night(own_catalog: Settings) -> None:
    add_line(own_catalog, "indicator_aliases.csv", alias="hoàn toàn mới", indicator_code="no_such_indicator")
    done = run("nightly")
    assert done.returncode == 1
    (sentence,) = done.stderr.strip().splitlines()
    assert "indicator_aliases.csv, line " in sentence
    assert "no_such_indicator" in sentence
    assert not own_catalog.work_dir.exists()


def test_an_alias_of_two_indicators_stops_the_night(own_catalog: Settings) -> None:
    alias, code, other = an_alias_and_another_indicator(own_catalog)
    add_line(own_catalog, "indicator_aliases.csv", alias=alias, indicator_code=other)
    done = run("nightly")
    assert done.returncode == 1
    assert "indicator_aliases.csv, line " in done.stderr
    assert code in done.stderr
    assert not own_catalog.work_dir.exists()


def test_a_bad_catalog_leaves_what_is_stored(own_catalog: Settings) -> None:
    stages(own_catalog)
    before = own_catalog.warehouse.read_bytes()
    add_line(own_catalog, "indicator_aliases.csv", alias="hoàn toàn mới", indicator_code="no_such_indicator")
    assert run("nightly").returncode == 1
    assert own_catalog.warehouse.read_bytes() == before


def test_a_missing_table_of_the_catalog_is_named(own_catalog: Settings) -> None:
    (own_catalog.seeds_dir / "synonyms.csv").unlink()
    done = run("nightly")
    assert done.returncode == 1
    assert "synonyms.csv" in done.stderr


def test_a_damaged_warehouse_is_set_aside_and_built_again(empty_folders: Settings) -> None:
    settings = empty_folders
    put(settings, PLAN)
    settings.work_dir.mkdir()
    settings.warehouse.write_bytes(b"no database" * 1000)
    (sentence,) = night.take_documents(settings).notes
    assert "warehouse.damaged-1.duckdb" in sentence
    assert (settings.work_dir / "warehouse.damaged-1.duckdb").read_bytes() == b"no database" * 1000
    assert stages(settings).new_facts > 0


def test_the_release_gives_back_what_an_emptied_work_folder_held(empty_folders: Settings) -> None:
    settings = empty_folders
    put(settings, PLAN, REPORT)
    first = stages(settings)
    release = settings.current_release
    release.mkdir(parents=True)
    shutil.copyfile(settings.warehouse, release / "warehouse.duckdb")
    shutil.rmtree(settings.work_dir)
    (settings.raw_dir / PLAN).unlink()
    again = stages(settings)
    assert again.rows["facts"] == first.rows["facts"]
