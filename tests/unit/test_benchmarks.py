"""The made-up country keeps the contracts and its own truth; a measurement is judged and shown as it should be."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from benchmarks import results
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
