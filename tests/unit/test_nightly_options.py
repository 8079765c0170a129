"""The options of `hatangso nightly`: --full forgets what nights remember, --wait waits for the night that runs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.commands import nightly
from pipelines.night.lock import is_night_running
from pipelines.settings import Settings, get_settings
from pipelines.warehouse.connection import connect, transaction
from pipelines.warehouse.memory import (
    MATCHED_WITH,
    SCHEMA_VERSION,
    SEEN,
    read_marks,
    read_seen,
    remember,
)
from pipelines.warehouse.migrations import migrate
from tests.unit.another_night import another_night

FILE = ("a.txt", "1 2 3", "a.txt", "0" * 64, 3, None, None)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse that remembers one file and by what it was matched."""
    for name in ("raw", "work", "published"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(tmp_path / name))
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("một", encoding="utf-8")
    settings = get_settings()
    migrate(settings.warehouse)
    with connect(settings.warehouse) as connection, transaction(connection):
        remember(connection, pl.DataFrame([FILE], schema=SEEN, orient="row"), {MATCHED_WITH: "this catalog"})
    return settings


@pytest.fixture
def nights(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str | None]]:
    """What each night found when its job began: files remembered, and by what all was matched. No job runs."""
    found: list[tuple[int, str | None]] = []

    def begin(of: Settings, _: Callable[[], bool], *, quiet: bool) -> None:
        assert of.work_dir == settings.work_dir
        assert quiet
        assert is_night_running(of)
        found.append((len(read_seen(of.warehouse)), read_marks(of.warehouse).get(MATCHED_WITH)))

    monkeypatch.setattr(nightly, "_run", begin)
    return found


@pytest.fixture
def other(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process in which a night runs, until it gets a line."""
    with another_night(settings) as process:
        yield process


def run(*options: str) -> Result:
    return CliRunner().invoke(app, ["nightly", "--quiet", *options])


def test_full_forgets_files_and_work_and_nothing_else(
    settings: Settings, nights: list[tuple[int, str | None]]
) -> None:
    version = read_marks(settings.warehouse)[SCHEMA_VERSION]
    assert run().exit_code == 0
    assert run("--full").exit_code == 0
    assert nights == [(1, "this catalog"), (0, None)]
    assert read_marks(settings.warehouse) == {SCHEMA_VERSION: version}


def test_a_night_is_refused_at_once_without_wait(
    other: subprocess.Popen[str], nights: list[tuple[int, str | None]]
) -> None:
    done = run("--full")
    assert done.exit_code == 1
    assert f"Another night is running (process {other.pid} on " in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert nights == []


def test_wait_gives_up_after_its_seconds(
    other: subprocess.Popen[str], nights: list[tuple[int, str | None]]
) -> None:
    done = run("--wait", "0.2")
    assert done.exit_code == 1
    assert f"still after 0.2 s (process {other.pid} on " in done.stderr
    assert nights == []


def test_wait_begins_when_the_other_night_has_ended(
    other: subprocess.Popen[str], settings: Settings, nights: list[tuple[int, str | None]]
) -> None:
    assert other.stdin is not None
    other.stdin.write("\n")
    other.stdin.flush()
    assert run("--wait", "30").exit_code == 0
    assert nights == [(1, "this catalog")]
    assert not is_night_running(settings)


def test_wait_takes_no_negative_seconds(nights: list[tuple[int, str | None]]) -> None:
    done = run("--wait", "-1")
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert nights == []
