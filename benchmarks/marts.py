"""The warehouse at scale: raw load and all marts, against one hand-written script for the province mart alone.

``HATANGSO_BENCH_FACTS`` (ten million) sets the size; a hundredth of it gives the growth exponent. Drawing the facts is
not part of the time, nor are tests of dbt; ``HATANGSO_BENCH_DRAWN`` names a folder that keeps what was drawn for another
run. The two province marts are compared cell by cell, so the peer is also a check of the marts.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.processes import PROGRAMS, PROJECT, Finished, python, run
from benchmarks.queries import asked
from benchmarks.results import Result
from benchmarks.synthetic.facts import write_raw
from pipelines.release.database import DATABASE
from pipelines.warehouse.load import models_at_once

FACTS = int(os.environ.get("HATANGSO_BENCH_FACTS", "10000000"))
DRAWN = os.environ.get("HATANGSO_BENCH_DRAWN", "")
SMALLER = 100
SEEDS = PROJECT / "data" / "seeds"
LOAD = """
import sys
from pathlib import Path
from pipelines.warehouse.load import load_night
from schemas.tables import NIGHT_TABLES
folder = Path(sys.argv[1])
load_night(Path(sys.argv[2]), {name: folder / f"{name}.parquet" for name in NIGHT_TABLES})
"""
RELEASE = """
import sys
from pathlib import Path
from pipelines.release.database import export_database
export_database(*map(Path, sys.argv[1:]))
"""
BY_HAND = """
import sys
from pathlib import Path
import duckdb
script, database, *paths = sys.argv[1:]
with duckdb.connect(database) as connection:
    for name, path in zip(("facts", "documents", "indicators", "national_targets"), paths):
        connection.execute(f"set variable {name} = '{path}'")
    connection.execute(Path(script).read_text(encoding="utf-8"))
    connection.execute("create table kept as from province_mart")
"""
COMPARED = (
    "actual_value",
    "actual_kind",
    "previous_actual_value",
    "target_value",
    "target_scope",
    "target_basis",
    "final_target_value",
    "final_target_year",
    "baseline_value",
    "baseline_year",
    "gap_to_target",
    "trajectory_ratio",
    "linear_pace_ratio",
    "progress_status",
    "observation_document_id",
)


@dataclass(frozen=True)
class Built:
    """What building one size cost, and the cells on which the two province marts differ."""

    load: Finished
    seed: Finished
    marts: Finished
    by_hand: Finished
    different_cells: int
    slowest: list[tuple[str, float]]

    @property
    def seconds(self) -> float:
        """Raw load and all marts, the catalog among them."""
        return self.load.seconds + self.seed.seconds + self.marts.seconds


def measure() -> list[Result]:
    """Time, memory and growth of the warehouse."""
    with tempfile.TemporaryDirectory(prefix="hatangso-bench-") as folder:
        small = build(Path(folder) / "small", FACTS // SMALLER)
        large = build(Path(folder) / "large", FACTS)
        built = Path(folder) / "large"
        release = python(RELEASE, built / "warehouse.duckdb", folder, built / "target" / "manifest.json")
        answers = asked(Path(folder) / DATABASE, f"{FACTS / 1e6:g} million facts")
    exponent = math.log(large.seconds / small.seconds) / math.log(SMALLER)
    millions = f"{FACTS / 1e6:g} million facts"
    memory = max(one.memory_gib for one in (large.load, large.seed, large.marts, release))
    return [
        Result(
            f"{millions}: raw load and all marts",
            large.seconds,
            "s",
            peer=f"one hand-written script, the province mart only: {large.by_hand.seconds:.1f} s",
            ratio=large.seconds / large.by_hand.seconds,
            at_most=2,
            limited="ratio",
        ),
        Result(f"{millions}: peak memory", memory, "GiB", at_most=6),
        Result(f"growth exponent from {FACTS / SMALLER / 1e6:g} to {millions}", exponent, "", at_most=1.1),
        Result(
            f"{millions}: cells on which our province mart and the hand-written one differ",
            large.different_cells + small.different_cells,
            "cells",
            at_most=0,
        ),
        *answers,
        Result(f"{millions}: raw load", large.load.seconds, "s"),
        Result(f"{millions}: the catalog (dbt seed)", large.seed.seconds, "s"),
        Result(f"{millions}: all models (dbt run)", large.marts.seconds, "s"),
        Result(f"{millions}: the released database", release.seconds, "s"),
        Result(f"{millions}: memory of the raw load", large.load.memory_gib, "GiB"),
        Result(f"{millions}: memory of all models", large.marts.memory_gib, "GiB"),
        Result(f"{millions}: memory of the released database", release.memory_gib, "GiB"),
        *(Result(f"{millions}: {model}", seconds, "s") for model, seconds in large.slowest),
    ]


def build(folder: Path, fact_count: int) -> Built:
    """Draw a country, build its warehouse by the project's own commands, and its province mart by hand."""
    drawn = _drawn(folder, fact_count)
    folder.mkdir(exist_ok=True)
    warehouse = folder / "warehouse.duckdb"
    load = python(LOAD, drawn, warehouse)
    environment = {
        "HATANGSO_WAREHOUSE": str(warehouse),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    dbt: list[str | Path] = [PROGRAMS / "dbt", "--quiet"]
    options = ["--profiles-dir", ".", "--target", "file"]
    seed = run([*dbt, "seed", *options], environment=environment, cwd=PROJECT / "dbt_project")
    threads = ["--threads", str(models_at_once(warehouse))]
    marts = run([*dbt, "run", *threads, *options], environment=environment, cwd=PROJECT / "dbt_project")
    files = [drawn / "facts.parquet", drawn / "documents.parquet"]
    files += [SEEDS / "indicators.csv", SEEDS / "national_targets.csv"]
    peer = folder / "by_hand.duckdb"
    by_hand = python(BY_HAND, PROJECT / "benchmarks" / "province_mart.sql", peer, *files)
    return Built(
        load, seed, marts, by_hand, different_cells(peer, warehouse), slowest_models(folder / "target")
    )


def _drawn(folder: Path, fact_count: int) -> Path:
    """The folder with the raw tables of so many facts: below ``DRAWN``, once they lie there, or drawn anew."""
    if not DRAWN:
        write_raw(folder, SEEDS, fact_count)
        return folder
    kept = Path(DRAWN) / str(fact_count)
    if not kept.is_dir():
        part = kept.with_suffix(".part")
        write_raw(part, SEEDS, fact_count)
        part.rename(kept)
    return kept


def different_cells(peer: Path, warehouse: Path) -> int:
    """Cells that only one of the two province marts has, or on which they differ."""
    differs = " or ".join(f"ours.{name} is distinct from theirs.{name}" for name in COMPARED)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(f"attach '{peer}' as peer (read_only)")
        row = connection.execute(
            f"""
            select count(*)
            from marts.mart_province_indicator_yearly as ours
            full join peer.kept as theirs
                on ours.admin_unit_key = theirs.unit_key
                and ours.indicator_code = theirs.indicator_code
                and ours.year = theirs.year
            where {differs}
            """
        ).fetchone()
    return int(row[0]) if row else 0


def slowest_models(target: Path, count: int = 5) -> list[tuple[str, float]]:
    """The models that took longest, with their seconds, as dbt tells."""
    told = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds = {one["unique_id"].split(".")[-1]: float(one["execution_time"]) for one in told}
    return sorted(seconds.items(), key=lambda pair: -pair[1])[:count]
