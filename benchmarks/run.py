"""``make bench``: runs the parts of the benchmark, keeps their figures, writes docs/performance.md.

Each part is a module of this folder with ``measure() -> list[Result]`` and runs in a process of its own, so that
neither memory nor imports of one colour another. ``BENCH_ARGS="night scale"`` runs only these parts; a run of some
parts leaves the figures of the others as they are.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import importlib.util
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.results import Result, as_row, keep, machine, shown, write_page

# In this order; one that is not there is left out.
PARTS = (
    "night",
    "throughput",
    "unchanged",
    "marts",
    "country",
    "language",
    "readers",
    "site",
    "faults",
)
MARK = "RESULTS "
PROJECT = Path(__file__).resolve().parents[1]


def available() -> list[str]:
    """The parts that exist."""
    return [part for part in PARTS if importlib.util.find_spec(f"benchmarks.{part}") is not None]


def measured(part: str) -> list[Result]:
    """The figures of one part, measured in a process of its own. Raises ``CalledProcessError`` where it fails."""
    command = [sys.executable, "-m", "benchmarks.run", "--in-this-process", part]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        results: list[Result] = []
        for line in process.stdout or ():
            if line.startswith(MARK):
                results = [Result(**fields) for fields in json.loads(line.removeprefix(MARK))]
            else:
                print(f"  {line}", end="", flush=True)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return results


def main() -> int:
    """Run the parts asked for; 1 where one failed or a limit is not kept."""
    parser = argparse.ArgumentParser(description="Measure speed, memory and accuracy.")
    parser.add_argument("parts", nargs="*", help=f"parts to run: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--in-this-process", metavar="PART", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.in_this_process:
        results = importlib.import_module(f"benchmarks.{arguments.in_this_process}").measure()
        print(MARK + json.dumps([asdict(result) for result in results], ensure_ascii=False))
        return 0
    unknown = sorted(set(arguments.parts) - set(available()))
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(available())}")
    on_machine, today = machine(), dt.datetime.now(dt.UTC).date().isoformat()
    failed = []
    for part in arguments.parts or available():
        print(f"{part} ...", flush=True)
        try:
            results = measured(part)
        except subprocess.CalledProcessError:
            failed.append(part)
            continue
        for result in results:
            verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[result.holds]
            ratio = f", {shown(result.ratio)} x {result.peer}" if result.ratio is not None else ""
            print(f"  {result.name}: {shown(result.value)} {result.unit}{ratio} {result.limit} {verdict}")
            if result.holds is False:
                failed.append(f"{part}: {result.name}")
        write_page(keep([as_row(part, result, on_machine, today) for result in results]))
    if failed:
        print(f"Failed or outside its limit: {'; '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
