"""Spreading the documents of a stage over workers: processes of this machine, or a Dask cluster.

One interface for both, concurrent.futures.Executor. A stage hands over batches (frames that all have a
document_id) and a function of a batch; results come back in the order of the batches, as Arrow. What the
function does is the business of the stage.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.night.errors import StageError
from pipelines.orphans import end_with_parent
from pipelines.reading.limits import Limits, limits_of
from pipelines.settings import Settings

Batch = dict[str, pl.DataFrame]

BATCH_DOCUMENTS = 32
# Below this, starting processes takes longer than they save.
WORTH_SPREADING = 100
ATTEMPTS = 3
DASK_TIMEOUT = 10.0


@dataclass(frozen=True)
class Place:
    """Where a worker finds documents and catalog, and what a document may cost.

    `documents_url` is set where workers do not share the raw folder: an fsspec address to take documents from.
    """

    raw_dir: Path
    seeds_dir: Path
    documents_url: str
    limits: Limits
    is_spread: bool


Task = Callable[[Place, Batch], Batch]


def spread(
    settings: Settings, task: Task, documents: pl.DataFrame, beside: Batch, lost: Callable[[Batch], Batch]
) -> Iterator[Batch]:
    """Results of a task over documents (frame ``documents``, one row each) with the rows that belong to them.

    Few documents are done here, in one batch. A worker that ends takes its batch with it: each document of it
    is then tried alone, and what ends its worker three times gets the result that ``lost`` gives.
    """
    is_spread = bool(settings.dask) or (documents.height >= WORTH_SPREADING and worker_count(settings) > 1)
    place = Place(
        settings.raw_dir, settings.seeds_dir, settings.documents_url, limits_of(settings), is_spread
    )
    if documents.is_empty():
        return
    if not is_spread:
        yield task(place, {"documents": documents} | beside)
        return
    batches = _batches({"documents": documents} | beside, BATCH_DOCUMENTS)
    with _Workers(settings) as workers:
        yield from _spread(workers, task, place, batches, lost)


def worker_count(settings: Settings) -> int:
    """Processes that work at the same time on this machine."""
    return settings.reading_processes or os.cpu_count() or 1


class _Workers:
    """An executor that can be replaced when its workers have died; a context manager."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client: Any = None
        self.broken: tuple[type[BaseException], ...] = (BrokenExecutor,)
        self.attempts = ATTEMPTS
        if settings.dask:
            self.client = _dask_client(settings.dask)
            from distributed.scheduler import KilledWorker

            # Dask has given the batch to several workers before it says so.
            self.broken, self.attempts = (BrokenExecutor, KilledWorker), 1
            self.size = max(1, sum(self.client.nthreads().values()))
        else:
            self.size = worker_count(settings)
        self.executor = self._executor()

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self.client is not None:
            self.client.close()
        else:
            self.executor.shutdown(wait=True, cancel_futures=True)

    def _executor(self) -> Executor:
        if self.client is not None:
            executor: Executor = self.client.get_executor(pure=False)
            return executor
        # Spawned: a process forked from one with threads may hang.
        return ProcessPoolExecutor(
            self.size, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent
        )

    def renew(self) -> None:
        """Take fresh workers in the place of those that died; Dask does so by itself."""
        if self.client is None:
            self.executor.shutdown(wait=False, cancel_futures=True)
            self.executor = self._executor()


def _dask_client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        sentence = f"HATANGSO_DASK is {address}, and Dask is not installed here: install hatangso[scale], or unset it."
        raise StageError(sentence) from None
    try:
        return Client(address, timeout=DASK_TIMEOUT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        sentence = f"HATANGSO_DASK: no Dask scheduler answers at {address}; start one there, or unset it to work on this machine."
        raise StageError(sentence) from error


def _spread(
    workers: _Workers, task: Task, place: Place, batches: Iterable[Batch], lost: Callable[[Batch], Batch]
) -> Iterator[Batch]:
    waiting: deque[tuple[Batch, Future[Batch]]] = deque()
    for batch in batches:
        try:
            waiting.append((batch, workers.executor.submit(task, place, batch)))
        except workers.broken:
            yield from _recovered(workers, task, place, waiting, lost)
            waiting.append((batch, workers.executor.submit(task, place, batch)))
        if len(waiting) > 2 * workers.size:
            yield from _first(workers, task, place, waiting, lost)
    while waiting:
        yield from _first(workers, task, place, waiting, lost)


def _first(
    workers: _Workers,
    task: Task,
    place: Place,
    waiting: deque[tuple[Batch, Future[Batch]]],
    lost: Callable[[Batch], Batch],
) -> Iterator[Batch]:
    try:
        result = waiting[0][1].result()
    except workers.broken:
        yield from _recovered(workers, task, place, waiting, lost)
    else:
        waiting.popleft()
        yield result


def _recovered(
    workers: _Workers,
    task: Task,
    place: Place,
    waiting: deque[tuple[Batch, Future[Batch]]],
    lost: Callable[[Batch], Batch],
) -> Iterator[Batch]:
    """Results of all that was handed out when a worker died: what is lost is done again, document by document."""
    workers.renew()
    while waiting:
        batch, future = waiting.popleft()
        try:
            yield future.result()
        except workers.broken:
            for single in _batches(batch, 1):
                yield _alone(workers, task, place, single, lost)


def _alone(
    workers: _Workers, task: Task, place: Place, single: Batch, lost: Callable[[Batch], Batch]
) -> Batch:
    for _ in range(workers.attempts):
        try:
            return workers.executor.submit(task, place, single).result()
        except workers.broken:
            workers.renew()
    return lost(single)


def _batches(whole: Batch, size: int) -> Iterator[Batch]:
    """The documents in batches of a size, each with the rows of the other frames that belong to it."""
    documents = whole["documents"]
    others = {
        name: frame.partition_by("document_id", as_dict=True, maintain_order=True)
        for name, frame in whole.items()
        if name != "documents"
    }
    for start in range(0, documents.height, size):
        chosen = documents.slice(start, size)
        keys = [(key,) for key in chosen["document_id"]]
        yield {"documents": chosen} | {
            name: pl.concat([parts[key] for key in keys if key in parts] or [whole[name].clear()])
            for name, parts in others.items()
        }
