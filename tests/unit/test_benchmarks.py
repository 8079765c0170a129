"""The made-up country keeps the contracts and its own truth; a measurement is judged and shown as it should be."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pytest

from benchmarks import faults, results
from benchmarks.damage import Disturbed
from benchmarks.faults import Found
from benchmarks.results import Result
from benchmarks.synthetic.documents import write_documents
from benchmarks.synthetic.facts import write_raw
from benchmarks.synthetic.score import score
from pipelines.settings import Settings
from schemas.frames import validated
from schemas.tables import NIGHT_TABLES

SEEDS = Settings().home / "data" / "seeds"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    paths = write_raw(tmp_path_factory.mktemp("raw"), SEEDS, 2000, seed=7)
    return {name: pl.read_parquet(path) for name, path in paths.items()}


@pytest.mark.parametrize("name", NIGHT_TABLES)
def test_made_up_tables_keep_their_contracts(raw: dict[str, pl.DataFrame], name: str) -> None:
    assert raw[name].height
    assert validated(raw[name], NIGHT_TABLES[name]).failures == []


def test_made_up_statements_are_conserved(raw: dict[str, pl.DataFrame]) -> None:
    assert raw["facts"].height == 2000
    assert raw["statements"].height == (
        raw["facts"].height + raw["unmatched"]["statement_count"].sum() + raw["rejects"].height
    )


def test_same_seed_draws_the_same_facts_and_another_does_not(
    raw: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    again, other = (
        pl.read_parquet(write_raw(tmp_path / str(seed), SEEDS, 2000, seed=seed)["facts"]) for seed in (7, 8)
    )
    assert raw["facts"].equals(again)
    assert not raw["facts"].equals(other)


def test_same_seed_writes_the_same_documents_and_labels(tmp_path: Path) -> None:
    first, again, other = (
        [
            path.read_bytes() + path.with_suffix(".json").read_bytes()
            for path in write_documents(tmp_path / name, SEEDS, 7, seed=seed, only="txt")
        ]
        for name, seed in (("first", 3), ("again", 3), ("other", 4))
    )
    assert first == again
    assert first != other


def test_documents_are_read_as_their_truth_says(tmp_path: Path) -> None:
    read = score(write_documents(tmp_path, SEEDS, 35, seed=5), SEEDS)

    layouts = {group for group in read.counts if group.startswith("layout")}
    formats = {group for group in read.counts if group.startswith("format")}
    assert len(layouts) == 7
    assert len(formats) == 5
    assert read.counts["all"]["hit"] > 500
    assert read.f1("all") >= 0.95


def test_truth_that_is_changed_is_missed_and_told(tmp_path: Path) -> None:
    (path,) = write_documents(tmp_path, SEEDS, 1, seed=5, only="txt")
    labels = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    before = score([path], SEEDS)
    labels["records"][0]["value"] += 1
    path.with_suffix(".json").write_text(json.dumps(labels), encoding="utf-8")
    after = score([path], SEEDS)

    assert after.counts["all"]["hit"] == before.counts["all"]["hit"] - 1
    assert after.counts["all"]["missed"] == before.counts["all"]["missed"] + 1
    assert after.counts["all"]["extra"] == before.counts["all"]["extra"] + 1


@pytest.mark.parametrize(
    ("result", "holds"),
    [
        (Result("a", 40.0, "ms", at_most=50), True),
        (Result("a", 60.0, "ms", at_most=50), False),
        (Result("a", 60.0, "s", ratio=1.2, at_most=1.1, limited="ratio"), False),
        (Result("a", 60.0, "s", ratio=1.8, at_least=1.7, limited="ratio"), True),
        (Result("a", 60.0, "s", at_most=1.1, limited="ratio"), False),
        (Result("a", 60.0, "s"), None),
    ],
)
def test_limit_is_kept_or_not(result: Result, holds: bool | None) -> None:
    assert result.holds is holds


def test_results_replace_their_part_and_the_page_keeps_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(results, "HISTORY", tmp_path / "history.csv")
    monkeypatch.setattr(results, "PAGE", tmp_path / "performance.md")
    results.PAGE.write_text(
        f"words before\n{results.BEGIN}\nof last time\n{results.END}\nwords after\n", encoding="utf-8"
    )
    for value in (60.0, 40.0):
        row = results.as_row(
            "queries", Result("a scorecard", value, "ms", at_most=50), "2 cores", "2026-01-01"
        )
        results.write_page(results.keep([row]))

    (kept,) = json.loads(results.RESULTS.read_text(encoding="utf-8"))
    page = results.PAGE.read_text(encoding="utf-8")
    assert (kept["value"], kept["holds"], kept["machine"]) == (40.0, True, "2 cores")
    assert page.startswith("words before\n")
    assert page.endswith("words after\n")
    assert "of last time" not in page
    assert "| a scorecard | 40 ms |  |  | ≤ 50 | yes |" in page
    assert "2026-01-01: 60 ms; 2026-01-01: 40 ms" in page


def found(fault: str, strikes: int, **seen: int | bool) -> Found:
    """What was seen after a fault, good where nothing else is said."""
    return Found(
        fault=fault,
        number=0,
        strikes=strikes,
        broken=int(seen.get("broken", 0)),
        unclear=int(seen.get("unclear", 0)),
        is_apart=bool(seen.get("is_apart", False)),
        seconds=1.0,
        done=[],
        after=[],
        said=["1: no space left on device; free space."],
    )


def test_faults_take_turns_and_end_when_each_was_seen_often_enough() -> None:
    asked = {"kill": 10, "disk": 2}
    seen: list[Found] = []
    order = []
    while name := faults.least_done(seen, asked):
        order.append(name)
        seen.append(found(name, 5 if name == "kill" else 1))
    assert order == ["kill", "disk", "kill", "disk"]
    too_late = [found("disk", 0)] * 5
    assert faults.least_done(too_late, {"disk": 2}) == "disk"
    assert faults.least_done([*too_late, found("disk", 0)], {"disk": 2}) is None


def test_faults_are_judged_by_what_they_left() -> None:
    good, bad = found("disk", 1), found("disk", 1, broken=1, is_apart=True)
    times, cases, _ = faults.told("disk", 20, [good, bad, found("kill", 5, unclear=1)])
    assert (times.value, times.holds, times.note) == (2, False, "2 failed and said why")
    assert (cases.value, cases.holds) == (2, False)
    assert faults.told("disk", 1, [good])[1].holds
    assert [result.holds for result in faults.told("disk", 1, [])] == [False]


@pytest.mark.parametrize(
    ("status", "said", "is_clear"),
    [
        (0, "  reading      1.0 s\n", True),
        (-9, "", True),
        (1, "no space left on device; free space on the disk and run again.\n", True),
        (1, "  reading      1.0 s\n", False),
        (1, "The check fits names 0 rows.\n" * 20, False),
        (1, "hatangso met an error it does not know: OperationalError\n", False),
        (1, "Traceback (most recent call last):\n", False),
        (0, "Traceback (most recent call last):\n", False),
        (-11, "", False),
    ],
)
def test_the_end_of_a_struck_night_is_clear_or_not(status: int, said: str, is_clear: bool) -> None:
    assert faults.is_clear(Disturbed(status, said, "")) is is_clear


def test_what_another_version_of_the_program_gave_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = "1" * 64
    monkeypatch.setattr(faults, "code_version", lambda _: version)
    faults.begin_anew_where_the_program_changed(tmp_path)
    (tmp_path / "found.jsonl").write_text(json.dumps(asdict(found("kill", 5))) + "\n", encoding="utf-8")
    faults.begin_anew_where_the_program_changed(tmp_path)
    assert faults.read_found(tmp_path) == [found("kill", 5)]
    version = "2" * 64
    faults.begin_anew_where_the_program_changed(tmp_path)
    assert faults.read_found(tmp_path) == []
    assert (tmp_path / f"found-{'1' * 12}.jsonl").is_file()
