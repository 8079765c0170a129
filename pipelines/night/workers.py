"""Spreading the documents of a stage over workers: processes of this machine, or a Dask cluster.

One interface for both, concurrent.futures.Executor. A stage hands over batches (frames that all have a
document_id) and a function of a batch; results come back in the order of the batches, as Arrow. What the
function does is the business of pipelines.batches. Workers are started by the first stage that needs them and
serve the stages after it: starting them takes as long as reading a hundred documents.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from typing import Any

import polars as pl

from pipelines.batches.batch import Batch, Place
from pipelines.night.errors import StageError
from pipelines.night.versions import catalog_fingerprint
from pipelines.orphans import begin_worker
from pipelines.reading.limits import limits_of
from pipelines.settings import Settings
from schemas.frames import empty_frame, polars_schema, validated
from schemas.rejects import Rejects
from schemas.tables import NIGHT_TABLES

BATCH_DOCUMENTS = 16
# Below this, starting processes takes longer than they save.
WORTH_SPREADING = 100
ATTEMPTS = 3
DASK_TIMEOUT = 10.0


Task = Callable[[Place, Batch], Batch]


def spread(
    settings: Settings, task: Task, documents: pl.DataFrame, beside: Batch, lost: Callable[[Batch], Batch]
) -> Iterator[Batch]:
    """Results of a task over documents (frame ``documents``, one row each) with the rows that belong to them.

    Few documents are done here, in one batch. A worker that ends, or has no memory left, takes its batch with it: each
    document of it is then tried alone, and what ends its worker three times gets the result that ``lost`` gives.
    """
    is_spread = bool(settings.dask) or (documents.height >= WORTH_SPREADING and worker_count(settings) > 1)
    if documents.is_empty():
        return
    place = Place(
        raw_dir=settings.raw_dir,
        seeds_dir=settings.seeds_dir,
        documents_url=settings.documents_url,
        limits=limits_of(settings),
        catalog=catalog_fingerprint(settings),
        shapes={name: polars_schema(model) for name, model in NIGHT_TABLES.items()},
        is_spread=is_spread,
    )
    if not is_spread:
        whole = {"documents": documents} | beside
        try:
            yield task(place, whole)
        except MemoryError:
            yield from (_here(task, place, single, lost) for single in _batches(whole, 1))
        return
    batches = _batches({"documents": documents} | beside, BATCH_DOCUMENTS)
    yield from _spread(_workers(settings), task, place, batches, lost)


def _here(task: Task, place: Place, single: Batch, lost: Callable[[Batch], Batch]) -> Batch:
    try:
        return task(place, single)
    except MemoryError:
        return lost(single)


def worker_count(settings: Settings) -> int:
    """Processes that work at the same time on this machine."""
    return settings.reading_processes or os.cpu_count() or 1


# The workers of this process, by what they were started for: at most one entry.
_started: dict[tuple[str, int], _Workers] = {}


def _workers(settings: Settings) -> _Workers:
    """The workers that an earlier stage has started, or new ones where there are none for these settings."""
    wanted = (settings.dask, worker_count(settings))
    workers = _started.get(wanted)
    if workers is None or not workers.is_usable:
        end_workers()
        workers = _started[wanted] = _Workers(settings)
        workers.begin()
        # Meanwhile: what checks contracts takes as long to load, and the stages need it when the workers are done.
        validated(empty_frame(Rejects), Rejects)
    return workers


def end_workers() -> None:
    """End the workers of this process, so that they hold no memory; a later stage starts others."""
    while _started:
        _started.popitem()[1].end()


class _Workers:
    """An executor that can be replaced when its workers have died."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client: Any = None
        # A worker without memory for a document is no better than one that ended over it. What fresh workers are
        # taken for (see renew) had perhaps not begun: it is cancelled, and done again like what was lost.
        self.broken: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, MemoryError)
        self.attempts = ATTEMPTS
        if settings.dask:
            self.client = _dask_client(settings.dask)
            from distributed.scheduler import KilledWorker

            # Dask has given the batch to several workers before it says so.
            self.broken, self.attempts = (*self.broken, KilledWorker), 1
            self.size = max(1, sum(self.client.nthreads().values()))
        else:
            self.size = worker_count(settings)
        self.executor = self._executor()

    @property
    def is_usable(self) -> bool:
        """Whether a stage can still hand batches to them: a Dask scheduler may have gone since."""
        return self.client is None or self.client.status == "running"

    def begin(self) -> None:
        """Have the processes of this machine start now; a process pool starts each with the first task for it."""
        if self.client is None:
            for _ in range(self.size):
                self.executor.submit(os.getpid)

    def end(self) -> None:
        """Have the processes of this machine end, which takes them a while, or leave the cluster."""
        if self.client is not None:
            self.client.close()
        else:
            self.executor.shutdown(wait=False, cancel_futures=True)

    def _executor(self) -> Executor:
        if self.client is not None:
            executor: Executor = self.client.get_executor(pure=False)
            return executor
        # Spawned: a process forked from one with threads may hang.
        return ProcessPoolExecutor(
            self.size, mp_context=multiprocessing.get_context("spawn"), initializer=begin_worker
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
        name: frame.sort("document_id", maintain_order=True)
        for name, frame in whole.items()
        if name != "documents"
    }
    places = {name: _runs(frame["document_id"]) for name, frame in others.items()}
    for start in range(0, documents.height, size):
        chosen = documents.slice(start, size)
        yield {"documents": chosen} | {
            name: pl.concat(
                [frame.slice(*places[name].get(key, (0, 0))) for key in chosen["document_id"]], rechunk=True
            )
            for name, frame in others.items()
        }


def _runs(keys: pl.Series) -> dict[str, tuple[int, int]]:
    """Where the rows of each key begin and how many they are; equal keys stand together."""
    runs = keys.rle().struct.unnest()
    begins = runs["len"].cum_sum() - runs["len"]
    return dict(zip(runs["value"], zip(begins, runs["len"], strict=True), strict=True))
