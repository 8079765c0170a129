"""Readers while releases are switched: no error, and every answer wholly from one release."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import find_home
from tests.unit.releasing import MARTS, Place

pytestmark = pytest.mark.slow

RELEASES = 50
PROCESSES = 2
THREADS = 4
KEPT = 20

# Two ways of reading: the database through the link, one opening an answer; and several files of the release
# that the link is resolved to once an answer.
READER = """
import csv, json, os, sys, threading, time
from pathlib import Path
import duckdb

published, marts = Path(sys.argv[1]), sys.argv[2].split(",")
tables = " union all ".join(f"select distinct value from marts.{mart} where code = 'a'" for mart in marts)
answers, mixed, errors = [], [], []

def through_the_link():
    with duckdb.connect(str(published / "current" / "warehouse.duckdb"), read_only=True) as connection:
        return [row[0] for row in connection.execute(tables).fetchall()]

def from_the_files():
    folder = Path(os.path.realpath(published / "current"))
    name = json.loads((folder / "MANIFEST.json").read_text())["release"]
    values = []
    for mart in marts:
        with (folder / "csv" / f"{mart}.csv").open(encoding="utf-8-sig") as stream:
            values += [float(row["value"]) for row in csv.DictReader(stream) if row["code"] == "a"]
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        values += [row[0] for row in connection.execute(tables).fetchall()]
        values += [row[0] for row in connection.execute("select value from read_parquet(?) where code = 'a'", [
            [str(folder / "parquet" / f"{mart}.parquet") for mart in marts]]).fetchall()]
    # The n-th release holds the value n.
    return values + [float(name.split("-")[3])]

def loop(read):
    while not (published / "STOP").exists():
        try:
            values = read()
            answers.append(values[0])
            if len(set(values)) != 1 or len(values) < len(marts):
                mixed.append(values)
        except Exception as error:
            errors.append(repr(error))
        time.sleep(0.4)

readers = [threading.Thread(target=loop, args=(read,)) for read in [through_the_link, from_the_files] * 2]
for reader in readers:
    reader.start()
print("ready", flush=True)
for reader in readers:
    reader.join()
print(json.dumps({"readers": len(readers), "answers": len(answers), "seen": sorted(set(answers)), "mixed": mixed, "errors": errors}))
"""


def test_eight_readers_during_fifty_releases(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.change(
        "; ".join(f"insert into marts.{mart} values ('a', 0)" for mart in set(MARTS) - {"fct_observation"})
    )

    def release(number: int) -> None:
        place.change(
            "; ".join(f"update marts.{mart} set value = {number} where code = 'a'" for mart in MARTS)
        )
        assert place.publish(KEPT).is_new

    release(1)
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(place.published), ",".join(MARTS)],
            cwd=find_home(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for number in range(2, RELEASES + 1):
            release(number)
    finally:
        (place.published / "STOP").touch()
        results = [reader.communicate(timeout=120) for reader in readers]
    found = []
    for reader, (output, errors) in zip(readers, results, strict=True):
        assert reader.returncode == 0, errors
        found.append(json.loads(output))
    assert sum(result["readers"] for result in found) == PROCESSES * THREADS
    assert [result["errors"] for result in found] == [[]] * PROCESSES
    assert [result["mixed"] for result in found] == [[]] * PROCESSES
    seen = {value for result in found for value in result["seen"]}
    # They did read while it was switched: more than the first and the last were seen.
    assert len(seen) > RELEASES / 5
    assert sum(result["answers"] for result in found) > RELEASES
