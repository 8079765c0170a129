"""Ten thousand spoilt files through the reading processes: how each ends, the slowest, the largest memory.

`python -m benchmarks.mutations --count 10000` prints what happened; 1 where a file had no row, ended without a reason
of the closed list, or went over its limits. The suite runs a few hundred of the same files.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.reading.inventory import take_inventory
from pipelines.reading.limits import Limits
from pipelines.reading.worker import WorkerPool
from schemas.reasons import REASON_CODES
from tests.integration.mutated_files import mutated

BATCH = 250
SLOW_SECONDS = 10


@dataclass
class Outcome:
    """What became of the files: `ends` counts reasons (or `read`) by format; `faults` should be empty."""

    ends: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: list[str] = field(default_factory=list)
    file_count: int = 0
    slowest_seconds: float = 0.0
    slowest_file: str = ""
    peak_bytes: int = 0
    seconds: float = 0.0


def run(count: int, seed: int = 0, limits: Limits | None = None, keep: Path | None = None) -> Outcome:
    """Read so many spoilt files two at a time; those that end a reading process or take long are written to `keep`."""
    limits = limits or Limits()
    outcome = Outcome()
    started = time.monotonic()
    files = mutated(count, seed)
    while batch := dict(itertools.islice(files, BATCH)):
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder)
            for name, data in batch.items():
                (raw / name).write_bytes(data)
            _read_batch(raw, batch, limits, outcome, keep)
    outcome.seconds = time.monotonic() - started
    return outcome


def _read_batch(
    raw: Path, batch: dict[str, bytes], limits: Limits, outcome: Outcome, keep: Path | None
) -> None:
    inventory = take_inventory(raw)
    ends: dict[str, str] = {reject.path: reject.reason_code for reject in inventory.rejects}
    with WorkerPool(limits, 2) as pool:
        asked = [(file.path, file.document_id) for file in inventory.files]
        for file, answer in zip(inventory.files, pool.read(raw, asked), strict=True):
            ends[file.path] = answer["error"][0] if "error" in answer else "read"
            if "error" in answer and not answer["error"][1].startswith(file.path):
                outcome.faults.append(f"{file.path}: its sentence does not name it: {answer['error'][1]}")
    for name, data in batch.items():
        found = [end for path, end in ends.items() if path == name or path.startswith(f"{name}!")]
        if not found:
            outcome.faults.append(f"{name}: no row")
        for end in found:
            outcome.ends[name.partition("-")[2]][end] += 1
            if end != "read" and end not in REASON_CODES:
                outcome.faults.append(f"{name}: ends with {end}, which is no reason code")
        if "reader_failed" in found and keep is not None:
            (keep / name).write_bytes(data)
    outcome.file_count += len(batch)
    if keep is not None and pool.slowest[0] > SLOW_SECONDS and pool.slowest[1] in batch:
        (keep / pool.slowest[1]).write_bytes(batch[pool.slowest[1]])
    if pool.slowest[0] > outcome.slowest_seconds:
        outcome.slowest_seconds, outcome.slowest_file = pool.slowest
    outcome.peak_bytes = max(outcome.peak_bytes, pool.peak_bytes)
    if pool.slowest[0] > max(limits.seconds, limits.scan_seconds) + 5:
        outcome.faults.append(f"{pool.slowest[1]}: {pool.slowest[0]:.0f} s")
    if pool.peak_bytes > limits.memory_bytes:
        outcome.faults.append(f"{pool.peak_bytes / 2**20:.0f} MiB in one process")


def main() -> int:
    """Run and print; 1 where something went wrong."""
    parser = argparse.ArgumentParser(description="Read files spoilt by chance.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for files that end a reading process or take long")
    arguments = parser.parse_args()
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    outcome = run(arguments.count, arguments.seed, keep=arguments.keep)
    total: Counter[str] = Counter()
    for name, ends in sorted(outcome.ends.items()):
        total += ends
        print(f"{name:12} {dict(ends.most_common())}")
    print(f"\n{outcome.file_count} files in {outcome.seconds:.0f} s: {dict(total.most_common())}")
    print(f"slowest {outcome.slowest_seconds:.1f} s ({outcome.slowest_file})")
    print(f"largest memory {outcome.peak_bytes / 2**20:.0f} MiB")
    for fault in outcome.faults:
        print(f"FAULT {fault}", file=sys.stderr)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
