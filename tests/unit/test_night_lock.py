"""The lock of the night: it names its holder, survives a crash, and is let go with its process."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.night.errors import StageError
from pipelines.night.lock import LOCK, hold_night, is_night_running, leave_night
from pipelines.settings import Settings, get_settings
from tests.unit.another_night import another_night


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("HATANGSO_WORK_DIR", str(tmp_path / "work"))
    settings = get_settings()
    yield settings
    leave_night(settings)


@pytest.fixture
def other(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    with another_night(settings) as process:
        yield process


def test_a_second_night_is_refused_and_the_holder_named(
    settings: Settings, other: subprocess.Popen[str]
) -> None:
    assert is_night_running(settings)
    with pytest.raises(StageError, match=rf"process {other.pid} on .+ --wait SECONDS\.$"):
        hold_night(settings)


def test_a_night_waits_for_the_one_before(settings: Settings, other: subprocess.Popen[str]) -> None:
    with pytest.raises(StageError, match=r"still after 0\.1 s"):
        hold_night(settings, wait=0.1)
    assert other.stdin is not None
    other.stdin.write("\n")
    other.stdin.flush()
    hold_night(settings, wait=30)
    assert is_night_running(settings)


def test_a_killed_night_leaves_its_name_but_no_lock(settings: Settings, other: subprocess.Popen[str]) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert not is_night_running(settings)
    before = hold_night(settings)
    assert before is not None
    assert before.pid == other.pid


def test_a_night_that_ended_leaves_nothing(settings: Settings) -> None:
    assert hold_night(settings) is None
    assert hold_night(settings) is None
    leave_night(settings)
    assert not is_night_running(settings)
    assert (settings.work_dir / LOCK).read_bytes() == b""
    assert hold_night(settings) is None


def test_a_folder_that_cannot_be_written_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").write_text("a file in the place of the folder")
    with pytest.raises(StageError, match=r"nothing can be written there"):
        hold_night(settings)
