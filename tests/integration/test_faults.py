"""Nights that end badly: killed at any moment, without room on the disk, in folders that cannot be written.

The release stays whole, nothing is lost or doubled, and the next night gives what an undisturbed one gives.
A night killed while dbt works is in test_night.py; benchmarks/faults.py strikes whole
nights with these and other faults at random moments and counts what they leave.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from benchmarks.damage import limit_files
from pipelines import night
from pipelines.night.handover import unfinished_mark
from pipelines.settings import Settings, find_home, get_settings
from pipelines.warehouse.state import stored_rows
from schemas.tables import NIGHT_TABLES
from tests.integration.running import run
from tests.integration.test_bad_input import PLAN, REPORT, put

pytestmark = pytest.mark.slow

STAGES = """
import sys
from benchmarks.damage import limit_files
from pipelines import night
from pipelines.night.handover import unfinished_mark
from pipelines.night.lock import hold_night
from pipelines.settings import get_settings
settings = get_settings()
print("begun", flush=True)
try:
    hold_night(settings)
    night.take_documents(settings)
    night.read_blocks(settings)
    night.extract_statements(settings)
    night.match_facts(settings)
    night.load_warehouse(settings)
except night.STAGE_ERRORS as error:
    sys.exit(night.error_sentence(error))
"""


def begin(preexec: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """The stages up to the warehouse in a process of their own, once everything is loaded."""
    process = subprocess.Popen(
        [sys.executable, "-c", STAGES],
        cwd=find_home(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=preexec,  # noqa: PLW1509 - nothing else runs in this process
        env=os.environ | {"POLARS_MAX_THREADS": "1"},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def contents(settings: Settings) -> dict[str, str]:
    """Fingerprints of the raw tables, whatever the order of their rows and the time of receipt."""
    return {
        name: hashlib.sha256(
            stored_rows(settings.warehouse, name, model, None)
            .drop("received_at", strict=False)
            .sort(
                "document_id",
                *[key for key in ("statement_id", "reject_id") if key in model.to_schema().columns],
            )
            .write_csv()
            .encode()
        ).hexdigest()
        for name, model in NIGHT_TABLES.items()
        if name != "unmatched"
    }


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("raw", "work", "published"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(tmp_path / name))
    settings = get_settings()
    put(settings, PLAN, REPORT)
    return settings


def test_nights_killed_anywhere_before_the_marts_converge(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    assert begin().wait() == 0
    seconds = time.monotonic() - began
    undisturbed = contents(settings)
    monkeypatch.setenv("HATANGSO_WORK_DIR", str(tmp_path / "killed"))
    killed = get_settings()
    moments = random.Random(7)  # noqa: S311
    for _ in range(4):
        process = begin()
        time.sleep(moments.uniform(0, 0.6 * seconds))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    last = begin()
    assert last.wait() == 0, last.stderr and last.stderr.read()
    assert contents(killed) == undisturbed


def no_room() -> None:
    """No file of this process may grow beyond a size that the warehouse has to exceed."""
    limit_files(100_000)


def test_a_full_disk_is_told_in_one_sentence_and_the_next_night_makes_up_for_it(settings: Settings) -> None:
    put(settings, "ca-mau/2023-ke-hoach-ha-tang-so.txt", "tay-ninh/2025-ke-hoach-ha-tang-so.txt")
    put(settings, "thanh-hoa/2023-ke-hoach-ha-tang-so.txt", "dien-bien/nd-ha-tang-so.txt")
    process = begin(no_room)
    _, errors = process.communicate()
    assert process.returncode == 1
    assert len(errors.strip().splitlines()) == 1, errors
    assert "Traceback" not in errors
    assert begin().wait() == 0
    assert stored_rows(settings.warehouse, "facts", NIGHT_TABLES["facts"], None).height > 0


def spoil_a_block(warehouse: Path, of: str, not_of: str) -> None:
    """Overwrite the first bytes of a block of the work database that holds rows of one raw table and none of another."""
    blocks: dict[str, set[int]] = {}
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("checkpoint")
        for table in (of, not_of):
            rows = connection.execute(f"select block_id from pragma_storage_info('raw.{table}')").fetchall()
            blocks[table] = {block for (block,) in rows if block is not None and block >= 0}
        (size,) = connection.execute("select block_size from pragma_database_size()").fetchall()[0]
    with warehouse.open("r+b") as file:
        # Three headers of 4 KiB come before the blocks.
        file.seek(3 * 4096 + min(blocks[of] - blocks[not_of]) * size)
        file.write(b"spoilt")


@pytest.fixture
def known(settings: Settings) -> dict[str, str]:
    """What a night over many documents stored, when nothing disturbed it up to its good end."""
    sample = find_home() / "data" / "raw"
    for path in sorted(sample.rglob("*.txt")):
        put(settings, path.relative_to(sample).as_posix())
    assert begin().wait() == 0
    unfinished_mark(settings).unlink()
    return contents(settings)


def test_a_damaged_database_is_set_aside(settings: Settings, known: dict[str, str]) -> None:
    spoil_a_block(settings.warehouse, "documents", "statements")
    (sentence,) = night.take_documents(settings).notes
    assert "the database was damaged. It was set aside as warehouse.damaged-1.duckdb" in sentence
    assert begin().wait() == 0
    assert contents(settings) == known


def test_a_database_damaged_where_no_night_looks_first_is_set_aside_by_the_night_after(
    settings: Settings, known: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_a_block(settings.warehouse, "statements", "documents")
    with monkeypatch.context() as changed:
        # All has to be matched again, so that the night reads what it stored.
        changed.setattr("pipelines.night.extraction.matched_with", lambda _: "another catalog")
        assert night.take_documents(settings).notes == []
        night.read_blocks(settings)
        with pytest.raises(night.STAGE_ERRORS) as caught:
            night.extract_statements(settings)
    sentence = night.error_sentence(caught.value)
    assert re.match(r"The warehouse cannot be read .+ run again\. What was released stays\.$", sentence)
    last = begin()
    _, errors = last.communicate()
    assert last.returncode == 0, errors
    assert list(settings.work_dir.glob("warehouse.damaged-1.duckdb"))
    assert contents(settings) == known


def test_a_folder_that_cannot_be_written_stops_the_night_at_once(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file in the place of the folder")
    done = run("nightly")
    assert done.returncode == 1
    (sentence,) = done.stderr.strip().splitlines()
    assert f"{settings.work_dir}: nothing can be written there" in sentence
