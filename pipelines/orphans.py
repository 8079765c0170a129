"""Processes that the night starts end with it, even when it is killed: nothing left over may hold the warehouse."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal

from pipelines.left_out import FOR_TESTS, leave_out

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the system kill this process when the one that started it ends; on Linux only, elsewhere nothing."""
    parent = os.getppid()
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is None:
        return
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # It ended before it could be watched.
        os._exit(1)


def begin_worker() -> None:
    """Have this process end with the one that started it, load no more than it, and write nothing to the terminal.

    What a worker dies of is told by the night, in words; Python and native libraries would print tracebacks.
    """
    end_with_parent()
    leave_out(*FOR_TESTS)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)


def end_workers_at_once() -> None:
    """End the worker processes that this process has started, whatever they are doing: nobody waits for it any more."""
    for worker in multiprocessing.active_children():
        worker.kill()
