"""Backup and restore: what is put back is what was there, and a damaged backup changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import night
from pipelines.cli import app
from pipelines.settings import Settings, get_settings
from pipelines.warehouse.backup import read_backup, write_backup
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.state import read_stored
from tests.integration.test_bad_input import PLAN, REPORT, put, stages


@pytest.fixture
def settings(empty_folders: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse of two documents, one of them withdrawn, a catalog of its own and a release."""
    shutil.copytree(Settings().home / "data" / "seeds", tmp_path / "seeds")
    monkeypatch.setenv("HATANGSO_SEEDS_DIR", str(tmp_path / "seeds"))
    settings = get_settings()
    put(settings, PLAN, REPORT)
    stages(settings)
    (settings.raw_dir / REPORT).unlink()
    stages(settings)
    release = settings.published_dir / "2026-10-12-0001-0a1b2c3d"
    release.mkdir(parents=True)
    (release / "MANIFEST.json").write_text("{}")
    settings.current_release.symlink_to(release.name)
    return settings


def test_a_restored_backup_is_what_was_saved(settings: Settings, tmp_path: Path) -> None:
    before = read_stored(settings.warehouse)
    write_backup(tmp_path / "backup.tar.gz", settings)
    for folder in (settings.work_dir, settings.raw_dir, settings.seeds_dir, settings.published_dir):
        shutil.rmtree(folder)
    restored = read_backup(tmp_path / "backup.tar.gz", settings)
    assert restored.aside == []
    after = read_stored(settings.warehouse)
    assert after.documents.equals(before.documents)
    assert after.statements.equals(before.statements)
    assert (settings.current_release / "MANIFEST.json").read_text() == "{}"
    again = stages(settings)
    assert (again.new_facts, again.gone_facts) == (0, 0)


def test_what_is_there_is_moved_aside(settings: Settings, tmp_path: Path) -> None:
    write_backup(tmp_path / "backup.tar.gz", settings)
    (settings.raw_dir / "later.txt").write_text("Tỷ lệ hộ có Internet đạt 80%.", encoding="utf-8")
    restored = read_backup(tmp_path / "backup.tar.gz", settings)
    assert not (settings.raw_dir / "later.txt").exists()
    assert (tmp_path / "raw.before-restore-1" / "later.txt").is_file()
    assert tmp_path / "raw.before-restore-1" in restored.aside


def test_a_damaged_backup_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    write_backup(file, settings)
    data = bytearray(file.read_bytes())
    before = settings.warehouse.read_bytes()
    for damaged in (data[: len(data) // 2], data[:2000] + b"\0" * 2000 + data[4000:], b"no backup"):
        file.write_bytes(damaged)
        with pytest.raises(WarehouseError, match=r"(?i)nothing was changed"):
            read_backup(file, settings)
    assert settings.warehouse.read_bytes() == before
    assert night.stored_fact_ids(settings.warehouse)


def test_the_commands_say_what_they_did(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    done = CliRunner().invoke(app, ["backup", str(file)])
    assert done.exit_code == 0, done.output
    assert f"hatangso restore {file}" in done.stdout
    done = CliRunner().invoke(app, ["restore", str(file)])
    assert done.exit_code == 0, done.output
    assert "Run the nightly next." in done.stdout
    done = CliRunner().invoke(app, ["restore", str(tmp_path / "nothing.tar.gz")])
    assert done.exit_code == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_no_backup_while_a_night_runs(settings: Settings, tmp_path: Path) -> None:
    import fcntl

    with (settings.work_dir / "night.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = CliRunner().invoke(app, ["backup", str(tmp_path / "backup.tar.gz")])
    assert done.exit_code == 1
    assert "Another night is running" in done.stderr
