"""Text documents from file to facts: one worker, two workers, and two workers of a Dask cluster.

`HATANGSO_BENCH_TEXTS` (1000) documents of 15 to 25 KB in every layout, with as many figures a KB as real ones; the time
is that of the
stages from the inventory to the matched facts, without starting Python.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.processes import PROJECT, night_environment, python
from benchmarks.results import Result
from benchmarks.synthetic.documents import write_documents

DOCUMENTS = int(os.environ.get("HATANGSO_BENCH_TEXTS", "1000"))
SIZES = (15_000, 25_000)
ROUNDS = 3
STAGES = """
import time
from pipelines import night
from pipelines.settings import get_settings

def stages():
    settings = get_settings()
    began = time.perf_counter()
    night.take_documents(settings)
    night.read_blocks(settings)
    night.extract_statements(settings)
    facts = night.match_facts(settings).facts
    print("SECONDS", time.perf_counter() - began, flush=True)
    assert facts.height > 1000

if __name__ == "__main__":
    stages()
"""
ON_DASK = STAGES.replace(
    "    stages()\n",
    """    import os
    from distributed import LocalCluster
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        os.environ["HATANGSO_DASK"] = cluster.scheduler_address
        stages()
""",
)


def measure() -> list[Result]:
    """The three ways in turn, so that other work on the machine disturbs all alike; medians are compared."""
    with tempfile.TemporaryDirectory(prefix="hatangso-bench-") as folder:
        raw = Path(folder) / "raw"
        paths = write_documents(
            raw, PROJECT / "data" / "seeds", DOCUMENTS, only="txt", sizes=SIZES, labels=False
        )
        mean_kb = statistics.mean(path.stat().st_size for path in paths) / 1000
        times: dict[str, list[float]] = {"one": [], "two": [], "dask": []}
        for turn in range(ROUNDS):
            for way, seconds in times.items():
                seconds.append(_seconds(way, raw, Path(folder) / f"{way}-{turn}"))
    one, two, dask = (DOCUMENTS / statistics.median(times[way]) for way in ("one", "two", "dask"))
    told = f"{DOCUMENTS} documents of {mean_kb:.0f} KB"
    return [
        Result("text documents, two workers", two, "documents/s", at_least=60, note=told),
        Result("text documents, one worker", one, "documents/s"),
        Result(
            "gain of a second worker",
            two / one,
            "times",
            peer="one worker",
            ratio=two / one,
            at_least=1.7,
            limited="ratio",
        ),
        Result(
            "gain of Dask with two local workers",
            dask / one,
            "times",
            peer="one worker",
            ratio=dask / one,
            at_least=1.6,
            limited="ratio",
        ),
    ]


def _seconds(way: str, raw: Path, folder: Path) -> float:
    script = folder.with_suffix(".py")
    script.write_text(ON_DASK if way == "dask" else STAGES, encoding="utf-8")
    environment = night_environment(raw, folder) | {
        "HATANGSO_READING_PROCESSES": "1" if way == "one" else "2"
    }
    done = python(
        "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__')", script, environment=environment
    )
    return next(float(line.split()[1]) for line in done.output.splitlines() if line.startswith("SECONDS"))
