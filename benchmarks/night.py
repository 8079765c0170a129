"""Start-up: a whole night over the sample against the bare cost of the two frameworks, and where a night's time goes.

The bare project has two assets and one dbt model, run by the in-process executor, and does nothing else.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import PROGRAMS, PROJECT, Finished, night, run
from benchmarks.results import Result

ROUNDS = 3
SAMPLE = PROJECT / "data" / "raw"
ANOTHER_DOCUMENT = """ỦY BAN NHÂN DÂN HUYỆN VĨNH LỘC
BÁO CÁO
Kết quả phát triển hạ tầng số năm 2022
Tỷ lệ hộ gia đình có đường truyền cáp quang trên địa bàn huyện đạt 61%.
"""
BARE = {
    "dbt_project.yml": "name: bare\nversion: '1.0.0'\nconfig-version: 2\nprofile: bare\n",
    "profiles.yml": "bare:\n  target: file\n  outputs:\n    file: {type: duckdb, path: bare.duckdb, threads: 2}\n",
    "models/one.sql": "select number from {{ source('raw', 'numbers') }}\n",
    "models/sources.yml": "version: 2\nsources:\n  - name: raw\n    tables: [{name: numbers}]\n",
    "bare.py": """
import os, sys
from pathlib import Path
here = Path(__file__).parent
os.environ["DAGSTER_HOME"] = str(here / "home")
(here / "home").mkdir(exist_ok=True)
import dagster as dg
import duckdb
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets
project = DbtProject(project_dir=here, profiles_dir=here)
dbt = DbtCliResource(project_dir=str(here), profiles_dir=str(here), dbt_executable=sys.argv[1])
if not project.manifest_path.exists():
    dbt.cli(["parse"], target_path=project.project_dir / "target").wait()
@dg.asset(key=["raw", "numbers"])
def numbers():
    with duckdb.connect(str(here / "bare.duckdb")) as connection:
        connection.execute("create schema if not exists raw")
        connection.execute("create or replace table raw.numbers as select 1 as number")
@dbt_assets(manifest=project.manifest_path)
def models(context: dg.AssetExecutionContext, dbt: DbtCliResource):
    yield from dbt.cli(["build"], context=context).stream()
job = dg.define_asset_job("bare", executor_def=dg.in_process_executor)
definitions = dg.Definitions(assets=[numbers, models], jobs=[job], resources={"dbt": dbt})
with dg.DagsterInstance.get() as instance:
    assert definitions.resolve_job_def("bare").execute_in_process(instance=instance).success
""",
}


def measure() -> list[Result]:
    """Ours and the bare night in turn, so that other work on the machine disturbs both alike; medians are compared.

    Both from nothing, which has dbt parse the project, and both in an installation that has run before: ours then
    knows none of the documents. In that case an unchanged night follows.
    """
    with tempfile.TemporaryDirectory(prefix="hatangso-bench-") as folder:
        another = Path(folder) / "another"
        another.mkdir()
        (another / "report.txt").write_text(ANOTHER_DOCUMENT, encoding="utf-8")
        bares, firsts, bare_firsts, ours, unchanged = [], [], [], [], []
        for turn in range(ROUNDS):
            bare, first, known = (Path(folder) / f"{name}-{turn}" for name in ("bare", "first", "known"))
            write_bare(bare)
            bare_firsts.append(bare_night(bare).seconds)
            firsts.append(night(SAMPLE, first).seconds)
            night(another, known)
            bares.append(bare_night(bare).seconds)
            ours.append(night(SAMPLE, known))
            unchanged.append(night(SAMPLE, known).seconds)
    whole, peer = statistics.median(done.seconds for done in ours), statistics.median(bares)
    first_night, first_peer = statistics.median(firsts), statistics.median(bare_firsts)
    return [
        Result(
            "a whole night over the sample",
            whole,
            "s",
            peer=f"a bare two-asset Dagster and dbt night: {peer:.1f} s",
            ratio=whole / peer,
            at_most=1.1,
            limited="ratio",
        ),
        Result(
            "the first night of an installation, over the sample",
            first_night,
            "s",
            peer=f"the first bare night: {first_peer:.1f} s",
            ratio=first_night / first_peer,
        ),
        Result("an unchanged night over the sample", statistics.median(unchanged), "s"),
        Result("memory of a night over the sample", max(done.memory_gib for done in ours), "GiB"),
        *(Result(f"of that night: {step}", seconds, "s") for step, seconds in steps(ours[-1])),
    ]


def write_bare(folder: Path) -> None:
    """The bare project, never run."""
    for name, content in BARE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def bare_night(folder: Path) -> Finished:
    """One night of the bare project."""
    return run([sys.executable, "bare.py", PROGRAMS / "dbt"], cwd=folder)


def steps(done: Finished) -> list[tuple[str, float]]:
    """The steps that a night tells on its terminal, with their seconds; what is left is starting and ending."""
    found = [
        (name.strip(), float(seconds))
        for name, seconds in re.findall(r"^  (\S.*?)\s+([\d.]+) s$", done.output, re.MULTILINE)
    ]
    rest = done.seconds - sum(seconds for _, seconds in found)
    return [*found, ("starting the frameworks, and the end", rest)]
