"""One night at a time: a lock that names who holds it and that no crash can leave behind.

The operating system holds the lock (flock) and lets it go with the process, however that ends; the file only
says who has it, or who had it when the machine stopped.
"""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import socket
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.night.errors import StageError
from pipelines.night.inventory import vietnamese_time
from pipelines.settings import Settings

LOCK = "night.lock"
_POLL = 0.5
# By the path of its file: a process that holds the lock may ask for it again.
_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Holder:
    """Who holds the lock, or held it when it ended without letting go. ``started`` is Vietnamese time."""

    pid: int
    host: str
    started: str
    command: str

    def sentence(self) -> str:
        """The holder in words."""
        return f"process {self.pid} on {self.host}, started {self.started}: {self.command}"


def hold_night(settings: Settings, wait: float = 0) -> Holder | None:
    """Take the lock of the night for this process until ``leave_night`` or its end.

    Returns who held it before and ended without letting go, as after a crash; None in peace.
    Raises ``StageError`` naming the holder where another night still runs after ``wait`` seconds.
    """
    path = settings.work_dir / LOCK
    if path in _held:
        return None
    descriptor = _opened(path)
    deadline = time.monotonic() + wait
    while not _locked(descriptor):
        if time.monotonic() >= deadline:
            holder = _holder(descriptor)
            os.close(descriptor)
            who = holder.sentence() if holder else "its process could not be told"
            waited = f" still after {wait:g} s" if wait else ""
            sentence = f"Another night is running{waited} ({who}). Wait for it to end, or start this one with --wait SECONDS."
            raise StageError(sentence)
        time.sleep(_POLL)
    before = _holder(descriptor)
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
    now = Holder(os.getpid(), socket.gethostname(), vietnamese_time().isoformat(" "), command)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(asdict(now), ensure_ascii=False).encode(), 0)
    _held[path] = descriptor
    return before


def leave_night(settings: Settings) -> None:
    """Let the lock go, if this process holds it."""
    descriptor = _held.pop(settings.work_dir / LOCK, None)
    if descriptor is not None:
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
        os.close(descriptor)


def is_night_running(settings: Settings) -> bool:
    """Whether any process holds the lock now."""
    path = settings.work_dir / LOCK
    if path in _held:
        return True
    if not path.is_file():
        return False
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        return not _locked(descriptor)
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o664)
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        sentence = f"{path.parent}: nothing can be written there ({said}); mend the permissions or free space, and run again."
        raise StageError(sentence) from error


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(descriptor, 4096, 0)))
    except (ValueError, TypeError):
        return None
