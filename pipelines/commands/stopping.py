"""A night that is asked to stop, by Ctrl-C or by the system: whether it was. What is said then belongs to ``nightly``."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator

ASKED: frozenset[int] = frozenset({signal.SIGINT, signal.SIGTERM})


@contextlib.contextmanager
def stop_signals() -> Iterator[Callable[[], bool]]:
    """While the block runs, SIGTERM does what Ctrl-C does; gives a function that says whether either has come.

    Python notes every signal in a pipe, whoever handles it. Dagster takes the handlers over while a job runs, and
    DuckDB makes an error of its own out of what a handler raises, so what arrives here says nothing of the cause.
    """
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    noted: set[int] = set()

    def has_come() -> bool:
        with contextlib.suppress(BlockingIOError):
            noted.update(os.read(reader, 4096))
        return not ASKED.isdisjoint(noted)

    pipe_before = signal.set_wakeup_fd(writer)
    handler_before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield has_come
    finally:
        signal.set_wakeup_fd(pipe_before)
        signal.signal(signal.SIGTERM, handler_before)
        os.close(reader)
        os.close(writer)
