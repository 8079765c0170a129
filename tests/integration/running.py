"""Running the hatangso command as a person does: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

import duckdb

from pipelines.settings import Settings, find_home


@dataclass(frozen=True)
class Night:
    """What a run of `hatangso nightly` left behind."""

    settings: Settings
    environment: dict[str, str]
    exit_code: int
    output: str
    errors: str

    def again(self) -> subprocess.CompletedProcess[str]:
        """Run the nightly once more on the same folders."""
        return run("nightly", environment=self.environment)

    def released(self) -> duckdb.DuckDBPyConnection:
        """The released database, as a reader opens it."""
        return duckdb.connect(str(self.settings.current_release / "warehouse.duckdb"), read_only=True)


def python(code: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Some Python in a process of its own."""
    return _run([sys.executable, "-c", code], environment)


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The hatangso command in a process of its own."""
    return _run([sys.executable, "-m", "pipelines.cli", *arguments], environment)


def _run(command: list[str], environment: dict[str, str] | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=find_home(),
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
