"""Documents spread over workers: order, lost workers, and the document that ends every worker it meets."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.batches.batch import Batch, Place
from pipelines.night import workers
from pipelines.night.errors import StageError
from pipelines.night.workers import spread
from pipelines.settings import Settings, get_settings

KILLER = "document 70"
# Each takes longer to load than a worker takes for a document, and none is needed to read one.
HEAVY = ("dagster", "dbt", "duckdb", "pandas", "pandera", "pydantic_settings")


def documents(count: int) -> pl.DataFrame:
    return pl.DataFrame({"document_id": [f"document {number}" for number in range(count)]})


def lines(count: int) -> pl.DataFrame:
    """Two rows of another frame for each document, none for the first."""
    return pl.DataFrame(
        {
            "document_id": [f"document {number // 2}" for number in range(2, 2 * count)],
            "line": range(2, 2 * count),
        }
    )


def count_lines(place: Place, batch: Batch) -> Batch:
    counted = batch["lines"].group_by("document_id").len("lines")
    return {"counted": batch["documents"].join(counted, on="document_id", how="left", maintain_order="left")}


def end_on_the_killer(place: Place, batch: Batch) -> Batch:
    """End the worker at one document always, at another the first time."""
    chosen = batch["documents"]["document_id"]
    if KILLER in chosen:
        with (place.raw_dir / "deaths").open("a") as log:
            log.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
    if "document 5" in chosen:
        return end_once(place, batch)
    return count_lines(place, batch)


def end_once(place: Place, batch: Batch) -> Batch:
    first = place.raw_dir / "first death"
    if "document 5" in batch["documents"]["document_id"] and not first.exists():
        first.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return count_lines(place, batch)


def starve_on_the_killer(place: Place, batch: Batch) -> Batch:
    """Run out of memory at one document always."""
    if KILLER in batch["documents"]["document_id"]:
        raise MemoryError
    return count_lines(place, batch)


def complain(place: Place, batch: Batch) -> Batch:
    """Write to the terminal, as Python does where a worker dies of an error."""
    os.write(2, b"Traceback (most recent call last):")
    return count_lines(place, batch)


def lost(batch: Batch) -> Batch:
    return {"lost": batch["documents"]}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HATANGSO_RAW_DIR", str(tmp_path))
    monkeypatch.setenv("HATANGSO_READING_PROCESSES", "2")
    return get_settings()


def cancelled_once(submit: Callable[..., Future[Batch]]) -> Callable[..., Future[Batch]]:
    """Hand out work as before, but for the third time as one that was cancelled before it began."""
    times = itertools.count(1)

    def handed_out(*asked: Any) -> Future[Batch]:
        if next(times) != 3:
            return submit(*asked)
        future: Future[Batch] = Future()
        future.cancel()
        return future

    return handed_out


def gathered(results: Iterator[Batch], name: str) -> list[str]:
    return [one for result in results if name in result for one in result[name]["document_id"]]


def test_few_documents_are_done_here(settings: Settings) -> None:
    (result,) = spread(settings, count_lines, documents(3), {"lines": lines(3)}, lost)
    assert result["counted"].rows() == [("document 0", None), ("document 1", 2), ("document 2", 2)]


@pytest.mark.slow
def test_results_come_in_the_order_of_the_documents(settings: Settings) -> None:
    found = spread(settings, count_lines, documents(250), {"lines": lines(250)}, lost)
    whole = pl.concat(result["counted"] for result in found)
    assert whole["document_id"].to_list() == documents(250)["document_id"].to_list()
    assert whole["lines"].to_list() == [None] + [2] * 249


@pytest.mark.slow
def test_a_lost_worker_loses_only_the_document_that_ends_every_worker(settings: Settings) -> None:
    results = list(spread(settings, end_on_the_killer, documents(120), {"lines": lines(120)}, lost))
    assert gathered(iter(results), "lost") == [KILLER]
    others = [one for one in documents(120)["document_id"] if one != KILLER]
    assert gathered(iter(results), "counted") == others
    # In its batch, unless that was lost before it began, and then alone.
    assert (settings.raw_dir / "deaths").read_text() in {"x" * workers.ATTEMPTS, "x" * (1 + workers.ATTEMPTS)}


@pytest.mark.slow
def test_workers_write_nothing_to_the_terminal(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    found = list(spread(settings, complain, documents(120), {"lines": lines(120)}, lost))
    assert len(gathered(iter(found), "counted")) == 120
    workers.end_workers()
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_a_worker_without_memory_loses_only_the_document_that_needs_it(settings: Settings) -> None:
    results = list(spread(settings, starve_on_the_killer, documents(120), {"lines": lines(120)}, lost))
    assert gathered(iter(results), "lost") == [KILLER]
    assert len(gathered(iter(results), "counted")) == 119


@pytest.mark.slow
def test_batch_that_had_not_begun_when_workers_were_replaced_is_done_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where memory runs out right after a batch was handed out, fresh workers are taken before that batch begins."""
    monkeypatch.setattr(ProcessPoolExecutor, "submit", cancelled_once(ProcessPoolExecutor.submit))

    results = list(spread(settings, count_lines, documents(120), {"lines": lines(120)}, lost))

    assert gathered(iter(results), "lost") == []
    assert sorted(gathered(iter(results), "counted")) == sorted(documents(120)["document_id"])


def test_few_documents_without_memory_are_tried_one_by_one(settings: Settings) -> None:
    few = documents(80)[60:]
    results = list(spread(settings, starve_on_the_killer, few, {"lines": lines(80)}, lost))
    assert gathered(iter(results), "lost") == [KILLER]
    assert len(gathered(iter(results), "counted")) == 19


def test_dask_that_does_not_answer_is_told_in_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "DASK_TIMEOUT", 0.5)
    settings.dask = "tcp://127.0.0.1:9"
    with pytest.raises(StageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9; .+\.$"):
        list(spread(settings, count_lines, documents(1), {"lines": lines(1)}, lost))


@pytest.mark.slow
def test_dask_gives_the_same_as_this_machine(settings: Settings) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        settings.dask = cluster.scheduler_address
        found = list(spread(settings, end_once, documents(120), {"lines": lines(120)}, lost))
    whole = pl.concat(result["counted"] for result in found)
    assert whole["document_id"].to_list() == documents(120)["document_id"].to_list()
    assert whole["lines"].to_list() == [None] + [2] * 119


def test_what_workers_run_loads_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "import pipelines.batches.extraction, pipelines.batches.matching, pipelines.batches.reading\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=get_settings().home, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
