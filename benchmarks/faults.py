"""Nights killed at random moments: what they leave, and whether the next night gives what an undisturbed one gives.

Kills come in groups: a night is begun and killed several times in the same folders, then one runs to its end and
its exports are compared, byte for byte, with those of a night that nobody disturbed. After every kill the current
release, where there is one already, must open and hold what its manifest says. HATANGSO_FAULT_KILLS sets how many.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb

from benchmarks.results import Result

KILLS = int(os.environ.get("HATANGSO_FAULT_KILLS", "200"))
GROUP = 5
SEED = 20261124
PROJECT = Path(__file__).resolve().parents[1]


def measure() -> list[Result]:
    """Counts of broken releases and of nights that did not converge; both must be none."""
    moments = random.Random(SEED)  # noqa: S311 - moments, not secrets
    broken = apart = 0
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="hatangso-faults-") as name:
        folder = Path(name)
        began = time.monotonic()
        if end(begin(folder / "undisturbed")):
            sys.exit("The undisturbed night failed; run the nightly by hand to see why.")
        seconds = time.monotonic() - began
        expected = exports(folder / "undisturbed")
        done = 0
        while done < KILLS:
            place = folder / f"after-{done}"
            for _ in range(min(GROUP, KILLS - done)):
                process = begin(place)
                time.sleep(moments.uniform(0, seconds))
                process.send_signal(signal.SIGKILL)
                end(process)
                broken += not is_whole(place)
                done += 1
            began = time.monotonic()
            apart += end(begin(place)) != 0 or exports(place) != expected
            slowest = max(slowest, time.monotonic() - began)
            print(f"{done} kills: {broken} broken releases, {apart} nights apart", flush=True)
    return [
        Result("nights killed at random moments", KILLS, "kills"),
        Result("broken releases after a kill", broken, "releases", at_most=0),
        Result("nights after kills that differ from an undisturbed one", apart, "nights", at_most=0),
        Result(
            "slowest night after kills",
            slowest,
            "s",
            peer=f"undisturbed {seconds:.0f} s",
            ratio=slowest / seconds,
        ),
    ]


def begin(place: Path) -> subprocess.Popen[bytes]:
    """A night over the sample in folders of its own."""
    folders: Mapping[str, str] = {
        "HATANGSO_WORK_DIR": str(place / "work"),
        "HATANGSO_PUBLISHED_DIR": str(place / "published"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "nightly", "--quiet"],
        cwd=PROJECT,
        env=os.environ | folders,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def end(process: subprocess.Popen[bytes]) -> int:
    """Wait for a night; its exit status."""
    return process.wait()


def exports(place: Path) -> dict[str, str]:
    """SHA-256 of every table that the current release exports."""
    folder = place / "published" / "current"
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for kind in ("csv", "parquet")
        for path in sorted((folder / kind).glob("*"))
    }


def is_whole(place: Path) -> bool:
    """Whether there is no release yet, or one whose database opens and whose files are those of its manifest."""
    current = place / "published" / "current"
    if not current.is_symlink():
        return True
    try:
        manifest = json.loads((current / "MANIFEST.json").read_text(encoding="utf-8"))
        with duckdb.connect(str(current / "warehouse.duckdb"), read_only=True) as connection:
            connection.execute("select count(*) from marts.fct_observation").fetchall()
    except (OSError, ValueError, duckdb.Error):
        return False
    return all(
        hashlib.sha256((current / path).read_bytes()).hexdigest() == about["sha256"]
        for path, about in manifest["files"].items()
    )
