"""What can befall a night: each fault runs a night, strikes at a moment drawn by chance, and tells how the night ended.

Nothing here needs the rights of root. How often a fault strikes, what must hold afterwards and what an undisturbed
night gives is the business of ``faults``; the tests use the same faults at moments that they choose.
"""

from __future__ import annotations

import math
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.processes import PROJECT, quiet
from tests.integration.postgresql import Server, start, stop

# The smallest room that a night accepts at its start, see pipelines.warehouse.recovery.check_writable.
LEAST_FILE_BYTES = 65536
# The night in a namespace of its own, where an ordinary user may mount: its folder on a small disk in memory. What it
# left is copied out at its end, since the disk goes with the namespace.
SMALL_DISK = """
set -e
mkdir "$1" "$2"
mount -t tmpfs -o size="$4" tmpfs "$2"
cp -a "$3/." "$2/"
mount --bind "$2" "$3"
out=$1 disk=$2
shift 4
status=0
"$@" || status=$?
cp -a "$disk/." "$out/"
exit $status
"""
IN_A_NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
# Permissions do not bind root: there the night runs as another user of a namespace, who owns the same files.
AS_ORDINARY_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Place:
    """Folders of a night (raw, work, published), its environment, and what it takes there when nothing disturbs it.

    ``worker_seconds`` is how long it has workers; 0 where it has none.
    """

    folder: Path
    environment: Mapping[str, str]
    seconds: float
    worker_seconds: float = 0
    server: Server | None = None


@dataclass(frozen=True)
class Disturbed:
    """How a night ended: its exit status, what it said on stderr, what was done to it, and whether it still ran then."""

    status: int
    said: str
    done: str
    is_struck: bool = True

    @property
    def sentences(self) -> list[str]:
        """What it told the operator, without the progress of its steps."""
        return [line for line in self.said.splitlines() if line.strip() and not line.startswith("  ")]

    @property
    def last_step(self) -> str:
        """The last step that it completed."""
        steps = [line.strip() for line in self.said.splitlines() if line.startswith("  ")]
        return " ".join(steps[-1].split()[:-2]) if steps else "none"


Fault = Callable[[Place, random.Random], Disturbed]


@dataclass(frozen=True)
class Night:
    """A night that runs, and the file that gets what it says on stderr: a pipe would wait for what it leaves behind."""

    process: subprocess.Popen[bytes]
    told: IO[bytes]


def begin(place: Place, *before: str | Path, preexec: Callable[[], None] | None = None) -> Night:
    """A night in these folders, started by another program where ``before`` names one."""
    told = tempfile.TemporaryFile()  # noqa: SIM115 - read when the night has ended
    process = subprocess.Popen(
        [*map(str, before), sys.executable, "-m", "pipelines.cli", "nightly"],
        cwd=PROJECT,
        env=os.environ | quiet() | dict(place.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=told,
        preexec_fn=preexec,  # noqa: PLW1509 - no other thread runs here
    )
    return Night(process, told)


def ended(night: Night, done: str, *, is_struck: bool = True) -> Disturbed:
    """Wait for a night to end."""
    status = night.process.wait()
    with night.told as told:
        told.seek(0)
        return Disturbed(status, told.read().decode(errors="replace"), done, is_struck)


def kill(place: Place, moments: random.Random) -> Disturbed:
    """Kill the night (SIGKILL)."""
    night = begin(place)
    moment = moments.uniform(0, place.seconds)
    runs = _runs_after(night, moment)
    night.process.send_signal(signal.SIGKILL)
    return ended(night, f"killed after {moment:.1f} s", is_struck=runs)


def fill_disk(place: Place, moments: random.Random) -> Disturbed:
    """Give the night a disk that has room for a part of what it writes; a limit on files where no disk can be mounted."""
    if not _may(*IN_A_NAMESPACE):
        largest = max(path.stat().st_size for path in place.folder.rglob("*") if path.is_file())
        limit = int(moments.uniform(LEAST_FILE_BYTES, 1.2 * largest))
        night = begin(place, preexec=lambda: limit_files(limit))
        return ended(night, f"no file above {limit} bytes")
    there = _bytes_on_disk(place.folder)
    # A night writes about as much again as lies there: another release, another warehouse beside the old one.
    size = there + int(moments.uniform(0.01, 1) * there)
    out, disk = place.folder.with_name("out"), place.folder.with_name("disk")
    for folder in (out, disk):
        shutil.rmtree(folder, ignore_errors=True)
    night = begin(place, *IN_A_NAMESPACE, "sh", "-c", SMALL_DISK, "sh", out, disk, place.folder, str(size))
    told = ended(night, f"a disk with {(size - there) / 1e6:.2f} MB free")
    shutil.rmtree(place.folder)
    out.rename(place.folder)
    return told


def limit_files(largest: int) -> None:
    """Let no file of this process and its children grow beyond so many bytes; for the moment between fork and exec."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))


def lock_folder(place: Place, moments: random.Random) -> Disturbed:
    """Take away the permission to write below the work folder or the releases."""
    night = begin(place, *(AS_ORDINARY_USER if os.geteuid() == 0 else ()))
    moment = moments.uniform(0, place.seconds)
    chosen = moments.choice(("work", "published"))
    runs = _runs_after(night, moment)
    _let_write(place.folder / chosen, allowed=False)
    try:
        return ended(night, f"{chosen} read-only after {moment:.1f} s", is_struck=runs)
    finally:
        _let_write(place.folder / chosen, allowed=True)


def corrupt_database(place: Place, moments: random.Random) -> Disturbed:
    """Spoil the work database before the night: bytes overwritten, a stretch of zeros, or its end cut off."""
    database = place.folder / "work" / "warehouse.duckdb"
    size = database.stat().st_size
    at = moments.randrange(size)
    how = moments.choice(("overwritten", "zeroed", "cut off"))
    with database.open("r+b") as file:
        if how == "cut off":
            file.truncate(at)
        else:
            file.seek(at)
            count = min(moments.choice((1, 4096, 262144)), size - at)
            file.write(moments.randbytes(count) if how == "overwritten" else bytes(count))
    return ended(begin(place), f"{how} at {at} of {size} bytes")


def set_clock_back(place: Place, moments: random.Random) -> Disturbed:
    """Run the night with a clock that is hours or months behind the last night (faketime, Debian: faketime)."""
    hours = int(10 ** moments.uniform(0, 4))
    return ended(begin(place, "faketime", "-f", f"-{hours}h"), f"clock {hours} h back")


def stop_postgresql(place: Place, moments: random.Random) -> Disturbed:
    """End the server of the lake's catalog as a power cut would, and start it again after the night has ended."""
    if place.server is None:
        sentence = f"{place.folder}: its nights use no PostgreSQL that could go."
        raise ValueError(sentence)
    night = begin(place)
    moment = moments.uniform(0, place.seconds)
    runs = _runs_after(night, moment)
    stop(place.server, "immediate")
    try:
        return ended(night, f"PostgreSQL gone after {moment:.1f} s", is_struck=runs)
    finally:
        start(place.server)


def kill_worker(place: Place, moments: random.Random) -> Disturbed:
    """Kill one of the processes that read, extract and match."""
    night, worker, moment = _night_with_workers(place, moments)
    if worker is None:
        return ended(night, "its workers had ended", is_struck=False)
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
    return ended(night, f"a worker killed after {moment:.1f} s with workers")


def starve_worker(place: Place, moments: random.Random) -> Disturbed:
    """Let one of the processes that read, extract and match have no more memory than it has."""
    night, worker, moment = _night_with_workers(place, moments)
    if worker is None:
        return ended(night, "its workers had ended", is_struck=False)
    with suppress(ProcessLookupError, OSError, ValueError):
        pages = int(Path(f"/proc/{worker}/statm").read_text(encoding="ascii").split()[0])
        now = pages * resource.getpagesize()
        resource.prlimit(worker, resource.RLIMIT_AS, (now, now))
    return ended(night, f"no more memory for a worker after {moment:.1f} s with workers")


def workers_of(process: int) -> list[int]:
    """The processes below one that read, extract and match."""
    found = []
    for child in _children(process):
        with suppress(OSError):
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            if b"spawn_main" in command or b"pipelines.reading.worker" in command:
                found.append(child)
        found += workers_of(child)
    return found


def seconds_with_workers(night: Night, until: float = math.inf) -> float:
    """Watch a night to its end, or until it has had workers for so many seconds; for how long it had any."""
    spent, looked = 0.0, time.monotonic()
    while spent < until and night.process.poll() is None:
        time.sleep(0.02)
        now = time.monotonic()
        spent += now - looked if workers_of(night.process.pid) else 0
        looked = now
    return spent


def _night_with_workers(place: Place, moments: random.Random) -> tuple[Night, int | None, float]:
    """A night at a moment while it has workers, one of them, and for how long it had any."""
    night = begin(place)
    moment = seconds_with_workers(night, moments.uniform(0, place.worker_seconds))
    workers = workers_of(night.process.pid)
    return night, moments.choice(workers) if workers else None, moment


def _children(process: int) -> list[int]:
    found = []
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in thread.read_text(encoding="ascii").split()]
    return found


def _runs_after(night: Night, seconds: float) -> bool:
    """Wait for so many seconds, or until the night ends; whether it still runs then."""
    with suppress(subprocess.TimeoutExpired):
        night.process.wait(seconds)
    return night.process.returncode is None


def _let_write(folder: Path, *, allowed: bool) -> None:
    for path in [folder, *sorted(folder.rglob("*"))]:
        with suppress(FileNotFoundError):
            if not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                path.chmod(mode | stat.S_IWUSR if allowed else mode & ~0o222)


def _may(*command: str) -> bool:
    try:
        return subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _bytes_on_disk(folder: Path) -> int:
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))
