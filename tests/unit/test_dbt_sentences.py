"""What a person reads of a dbt build that failed: each cause once, however many models and tests it stopped."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.night.dbt import dbt_errors, dbt_failures

LOST = (
    "IO Error: Failed to query most recent snapshot for DuckLake: Unable to connect to Postgres:"
    " connection refused"
)


def write_log(target: Path, *messages: str) -> None:
    lines = [
        json.dumps({"info": {"invocation_id": "one", "level": "error", "msg": message}})
        for message in messages
    ]
    (target / "dbt.log").write_text("\n".join(lines), encoding="utf-8")


def write_results(target: Path, *results: tuple[str, str, str]) -> None:
    rows = [{"unique_id": name, "status": status, "message": message} for name, status, message in results]
    (target / "run_results.json").write_text(json.dumps({"results": rows}), encoding="utf-8")


def test_one_cause_that_stops_many_nodes_is_told_once(tmp_path: Path) -> None:
    messages = [
        f"Unhandled error while executing /work/target/run/model_{number}.sql {LOST}" for number in range(30)
    ]
    progress = [f"{number} of 352 ERROR model_{number} ... [ERROR in 0.1s]" for number in range(30)]
    write_log(tmp_path, *messages, *progress)
    assert dbt_errors(tmp_path) == [LOST]


def test_causes_are_cut_to_what_a_person_reads(tmp_path: Path) -> None:
    write_log(tmp_path, "Parser error: " + "x" * 5000, *(f"cause {number}" for number in range(9)))
    told = dbt_errors(tmp_path)
    assert len(told) == 4
    assert max(map(len, told)) <= 310
    assert told[-1] == "(and 7 more in the log of the night)"


def test_models_that_fail_alike_are_told_in_one_sentence(tmp_path: Path) -> None:
    write_results(
        tmp_path,
        ("model.hatangso.mart_one", "error", LOST),
        ("model.hatangso.mart_two", "error", LOST),
        ("test.hatangso.mart_three_fits.1a2b", "fail", "Got 3 results, configured to fail if != 0"),
        ("model.hatangso.mart_four", "success", "OK"),
    )
    assert dbt_failures(tmp_path) == [
        f"The dbt model mart_one and 1 more failed: {LOST}.",
        "The dbt test mart_three_fits failed: Got 3 results, configured to fail if != 0.",
    ]
