"""A night that runs in another process: for the tests of what a second one does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.settings import Settings, find_home

HOLD = """
from pipelines.night.lock import hold_night
from pipelines.settings import get_settings
hold_night(get_settings())
print("held", flush=True)
input()
"""


@contextmanager
def another_night(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of the night while the block runs, or until it gets a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=find_home(),
        env=os.environ | {"HATANGSO_WORK_DIR": str(settings.work_dir)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
