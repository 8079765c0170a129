"""Dagster's sensor for new files: it starts a night once they have settled, and never takes a file that still grows."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
import pytest

from pipelines.defs import sensors
from pipelines.night.lock import hold_night, leave_night
from pipelines.settings import get_settings


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("raw", "work"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(tmp_path / name))
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


def write(path: Path, text: str) -> None:
    """A file whose last change lies far enough back to be trusted."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_700_000_000, 1_700_000_000))


class Daemon:
    """Asks the sensor again and again, as Dagster's daemon does, and keeps its cursor."""

    def __init__(self) -> None:
        self.cursor: str | None = None

    def look(self) -> int:
        """How many nights the sensor starts at this look."""
        context = dg.build_sensor_context(cursor=self.cursor)
        answer = sensors.new_files_have_settled(context)
        if isinstance(answer, dg.SkipReason):
            self.cursor = context.cursor
            return 0
        assert isinstance(answer, dg.SensorResult)
        self.cursor = answer.cursor
        assert all(request.run_key is None for request in answer.run_requests or [])
        return len(answer.run_requests or [])


def test_a_growing_file_is_not_taken_before_two_looks_found_it_the_same(raw: Path) -> None:
    daemon = Daemon()
    write(raw / "a.txt", "một")
    assert daemon.look() == 0
    for text in ("một hai", "một hai ba"):
        write(raw / "a.txt", text)
        assert daemon.look() == 0
    assert daemon.look() == 1
    assert daemon.look() == 0


def test_a_sidecar_and_a_file_that_went_start_a_night_too(raw: Path) -> None:
    daemon = Daemon()
    write(raw / "a.txt", "một")
    assert [daemon.look() for _ in range(3)] == [0, 1, 0]
    write(raw / "a.txt.yml", "issuer: UBND tỉnh Cà Mau\n")
    assert [daemon.look() for _ in range(3)] == [0, 1, 0]
    (raw / "a.txt").unlink()
    assert [daemon.look() for _ in range(3)] == [0, 1, 0]


def test_a_report_sent_again_starts_a_night_again(raw: Path) -> None:
    daemon = Daemon()
    for _ in range(2):
        write(raw / "a.txt", "một")
        assert [daemon.look() for _ in range(3)] == [0, 1, 0]
        (raw / "a.txt").unlink()
        assert [daemon.look() for _ in range(3)] == [0, 1, 0]


def test_files_that_come_during_a_night_wait_for_its_end(raw: Path) -> None:
    daemon = Daemon()
    write(raw / "a.txt", "một")
    daemon.look()
    hold_night(get_settings())
    try:
        assert [daemon.look() for _ in range(2)] == [0, 0]
    finally:
        leave_night(get_settings())
    assert daemon.look() == 1
