"""Running what is measured: a command with its time and its largest process, and a night in folders of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
# Python keeps what it has compiled, as in an installation that has run before.
AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}


@dataclass(frozen=True)
class Finished:
    """A command that has ended: wall-clock seconds, GiB of its largest process, and what it printed."""

    seconds: float
    memory_gib: float
    output: str


def run(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, cwd: Path = PROJECT
) -> Finished:
    """Run a command to its end. Raises ``CalledProcessError`` with what it said where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | quiet() | AS_INSTALLED | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    output = process.stdout.read() if process.stdout else ""
    # Counts the processes that the command waited for as well.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        print(output[-3000:], file=sys.stderr)
        raise subprocess.CalledProcessError(process.returncode, command)
    return Finished(seconds, usage.ru_maxrss / 1024**2, output)


def python(code: str, *arguments: object, environment: Mapping[str, str] | None = None) -> Finished:
    """Run some Python of this environment in a process of its own."""
    return run([sys.executable, "-c", code, *map(str, arguments)], environment=environment)


def night(raw: Path, folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Finished:
    """Run the nightly on a raw folder, with its work and releases below ``folder``."""
    return run(
        [sys.executable, "-m", "pipelines.cli", "nightly", *arguments],
        environment=night_environment(raw, folder) | dict(environment or {}),
    )


def night_environment(raw: Path, folder: Path) -> dict[str, str]:
    """The settings of a night below ``folder``."""
    return {
        "HATANGSO_RAW_DIR": str(raw),
        "HATANGSO_WORK_DIR": str(folder / "work"),
        "HATANGSO_PUBLISHED_DIR": str(folder / "published"),
    }


def quiet() -> dict[str, str]:
    """Variables that keep the frameworks from reporting their use."""
    return {"DAGSTER_DISABLE_TELEMETRY": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
