"""The progress columns of dbt against METHOD section 2 stated again in Python, over 10,000 random series.

The series lie in one warehouse and dbt runs once. Each is a commune x indicator of its own, so that no
target of a unit above reaches it.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import get_settings
from tests.integration.rebuilding import DATABASE, create_raw_tables, dbt_build, insert

pytestmark = pytest.mark.slow

SERIES = 10_000
SEED = 885
# Receipt is kept in Vietnamese time, without a zone.
RECEIVED = dt.datetime.fromisoformat("2026-01-05T08:00:00")
THRESHOLDS = ((0.95, "on_track"), (0.60, "moderate"), (0.0, "insufficient"))
# No national target applies to communes; both directions; percent, counts, rates and yes/no.
INDICATORS = (
    "bts_2g_count",
    "bts_3g_count",
    "feature_phone_subs_count",
    "feature_phone_only_population_share",
    "villages_without_mobile_signal_count",
    "villages_weak_signal_count",
    "households_smartphone_share",
    "smartphone_share_of_mobile_subs",
    "bts_4g_count",
    "mobile_subs_per_100",
    "fiber_cable_length_km",
    "ai_as_service",
)
COLUMNS = (
    "target_value",
    "target_basis",
    "final_target_value",
    "final_target_year",
    "baseline_value",
    "baseline_year",
    "gap_to_target",
    "attainment_pct",
    "trajectory_ratio",
    "linear_pace_ratio",
    "cagr_ratio",
    "progress_status",
    "deciding_ratio",
    "near_limit",
)


@dataclass(frozen=True)
class Target:
    value: float
    comparator: str
    approximate: bool


@dataclass(frozen=True)
class Series:
    """Observations and targets of one unit and indicator, by year; all figures are final ones."""

    unit_key: str
    indicator: str
    unit: str
    sign: int
    observations: dict[int, float]
    targets: dict[int, Target]


def random_value(rng: random.Random, unit: str) -> float:
    """Zeros, limits, negatives and tiny values are as likely as ordinary ones."""
    if unit == "boolean":
        return float(rng.randint(0, 1))
    special = [0.0, 100.0, 99.5, 0.5, 80.0, 80.0, 1.0, 0.004, -5.0]
    return rng.choice([*special, round(rng.uniform(0, 100), 2), round(rng.uniform(-20, 400), 1)])


def random_series(rng: random.Random, unit_key: str, indicator: str, unit: str, sign: int) -> Series:
    years = range(2018, 2031)
    observed = rng.sample(years[:10], rng.choice([0, 1, 1, 2, 2, 3, 5]))
    planned = rng.sample(years, rng.choice([0, 1, 1, 1, 2, 3]))
    observations = {year: random_value(rng, unit) for year in sorted(observed)}
    targets = {
        year: Target(
            random_value(rng, unit),
            rng.choice(["=", "=", ">=", ">", "<=", "<"]),
            rng.random() < 0.1,
        )
        for year in sorted(planned)
    }
    if observations and targets and rng.random() < 0.15:
        # A base that equals the target.
        first, last = min(observations), max(targets)
        observations[first] = targets[last].value
    if not observations and not targets:
        observations[2024] = random_value(rng, unit)
    return Series(unit_key, indicator, unit, sign, observations, targets)


def holds(value: float, target: Target, sign: int) -> bool:
    """Whether the target is met as it is worded; about and nearly are read as "="."""
    if target.comparator == "=" or target.approximate:
        return sign * (value - target.value) >= 0
    return {
        ">": value > target.value,
        ">=": value >= target.value,
        "<": value < target.value,
        "<=": value <= target.value,
    }[target.comparator]


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def restated(series: Series, year: int) -> dict[str, Any]:
    """The progress columns of one year, from METHOD section 2 alone."""
    actual, sign, targets = series.observations.get(year), series.sign, series.targets
    yes_no = series.unit == "boolean"
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row["near_limit"] = False
    earlier = [y for y in series.observations if y < year]
    base_year = min(earlier, default=None)
    base = None if base_year is None else series.observations[base_year]
    row["baseline_value"], row["baseline_year"] = base, base_year
    if not targets:
        row["progress_status"] = "no_observation" if actual is None else "no_target"
        return row
    final_year = max(targets)
    final = targets[final_year]
    row["final_target_value"], row["final_target_year"] = final.value, final_year
    # What was planned for the year: stated, else on the line from base or last target to the next target.
    starts = {y: targets[y].value for y in targets if y < year}
    if base_year is not None and base_year > max(starts, default=0):
        starts[base_year] = base
    following = min((y for y in targets if y > year), default=None)
    if year in targets:
        basis, planned = "stated", targets[year].value
    elif following is not None and starts and not yes_no:
        start = max(starts)
        basis = "interpolated"
        planned = round(
            starts[start] + (targets[following].value - starts[start]) * (year - start) / (following - start),
            6,
        )
    else:
        basis, planned = "end_of_plan", final.value
    row["target_basis"], row["target_value"] = basis, planned
    if actual is None:
        row["progress_status"] = "no_observation"
        return row | ratios_without_value()
    past = year > final_year
    judged = targets[year] if basis == "stated" else final
    row["gap_to_target"] = rounded(actual - planned)
    if sign == 1:
        row["attainment_pct"] = rounded(actual / planned * 100) if planned else None
    else:
        row["attainment_pct"] = rounded(planned / actual * 100) if planned and actual else None
    met = holds(actual, judged, sign)
    clock = min(year, final_year)
    if not yes_no:
        if basis in {"stated", "interpolated"} or past:
            above, below = (actual, planned) if sign == 1 else (planned, actual)
            row["trajectory_ratio"] = rounded(above / below) if below else None
        if base is not None and base_year is not None and clock > base_year and final_year > base_year:
            span, whole = clock - base_year, final_year - base_year
            if base != final.value:
                row["linear_pace_ratio"] = rounded(((actual - base) / span) / ((final.value - base) / whole))
            if (
                base > 0
                and final.value > 0
                and actual >= 0
                and base >= 0.01 * final.value
                and base != final.value
            ):
                reached = (actual / base) ** (1 / span) - 1
                needed = (final.value / base) ** (1 / whole) - 1
                row["cagr_ratio"] = rounded(sign * reached / abs(needed))
    row["near_limit"] = (
        series.unit == "percent" and judged.value in {0, 100} and not met and abs(actual - judged.value) <= 1
    )
    prefers_trajectory = judged.value != 0 and (basis == "stated" or past)
    candidates = [("linear", row["linear_pace_ratio"]), ("trajectory", row["trajectory_ratio"])]
    if prefers_trajectory:
        candidates.reverse()
    name, ratio = next(((n, r) for n, r in candidates if r is not None), (None, None))
    if yes_no:
        row["deciding_ratio"], row["progress_status"] = "yes_no", "achieved" if met else "insufficient"
    elif met:
        row["deciding_ratio"], row["progress_status"] = "comparator", "achieved"
    elif base is not None and sign * (base - judged.value) >= 0:
        row["deciding_ratio"], row["progress_status"] = "keep", "moving_away"
    elif ratio is None:
        row["deciding_ratio"], row["progress_status"] = None, "not_assessable"
    else:
        row["deciding_ratio"] = name
        row["progress_status"] = next(
            (status for bound, status in THRESHOLDS if ratio >= bound), "moving_away"
        )
    return row


def ratios_without_value() -> dict[str, Any]:
    return {"gap_to_target": None, "attainment_pct": None, "deciding_ratio": None}


def catalog(name: str) -> list[dict[str, str]]:
    with (get_settings().seeds_dir / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def all_series() -> list[Series]:
    rng = random.Random(SEED)  # noqa: S311 - repeatable cases, not secrets
    indicators = {row["indicator_code"]: row for row in catalog("indicators")}
    applying = {
        row["indicator_code"] for row in catalog("national_targets") if "commune" in row["applies_to_levels"]
    }
    assert applying.isdisjoint(INDICATORS)
    communes = [
        f"{row['admin_unit_code']}@{row['valid_from']}"
        for row in catalog("admin_units")
        if row["level"] == "commune" and not row["valid_to"]
    ]
    keys = [(commune, code) for commune in communes for code in INDICATORS][:SERIES]
    assert len(keys) == SERIES
    return [
        random_series(
            rng,
            commune,
            code,
            indicators[code]["unit"],
            {"higher_is_better": 1, "lower_is_better": -1}[indicators[code]["direction"]],
        )
        for commune, code in keys
    ]


def facts(series: Series, number: int) -> list[dict[str, Any]]:
    code, valid_from = series.unit_key.split("@")
    common = {
        "document_id": "d",
        "indicator_code": series.indicator,
        "admin_unit_code": code,
        "admin_unit_valid_from": dt.date.fromisoformat(valid_from),
        "admin_unit_level": "commune",
        "admin_unit_name": code,
        "unit": series.unit,
        "is_headline": True,
        "obs_status": "A",
        "matched_by": "test",
        "confidence": 1.0,
        "label": "",
        "quote": "",
        "block_no": number,
        "char_start": 0,
        "char_end": 0,
    }
    rows = [
        common | {"kind": "actual", "year": year, "value": value, "comparator": "=", "approximate": False}
        for year, value in series.observations.items()
    ]
    rows += [
        common
        | {
            "kind": "target",
            "year": year,
            "value": target.value,
            "comparator": target.comparator,
            "approximate": target.approximate,
        }
        for year, target in series.targets.items()
    ]
    for position, row in enumerate(rows):
        row["fact_id"] = row["statement_id"] = f"{number}-{position}"
    return rows


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, int], dict[str, Any]]:
    """The rows of int_progress by cell, as dbt computes them."""
    folder: Path = tmp_path_factory.mktemp("progress")
    with duckdb.connect(str(folder / DATABASE)) as connection:
        create_raw_tables(connection)
        insert(
            connection,
            "documents",
            [
                {
                    "document_id": "d",
                    "path": "d.txt",
                    "byte_count": 0,
                    "received_at": RECEIVED,
                    "status": "read",
                    "block_count": 0,
                    "statement_count": 0,
                    "reader_version": "",
                    "extractor_version": "",
                }
            ],
        )
        insert(
            connection,
            "facts",
            [row for number, series in enumerate(all_series()) for row in facts(series, number)],
        )
    dbt_build(folder, "+int_progress")
    with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
        names = ["admin_unit_key", "indicator_code", "year", *COLUMNS]
        found = connection.execute(f"select {', '.join(names)} from intermediate.int_progress").fetchall()
    return {(row[0], row[1], row[2]): dict(zip(COLUMNS, row[3:], strict=True)) for row in found}


def agrees(expected: object, found: object) -> bool:
    """Equal, or the same number up to the last rounded digit of a large ratio."""
    if isinstance(expected, float) and isinstance(found, (int, float)):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=2e-6)
    return expected == found


def test_dbt_and_python_agree_on_ten_thousand_random_series(
    computed: dict[tuple[str, str, int], dict[str, Any]],
) -> None:
    expected = {
        (series.unit_key, series.indicator, year): restated(series, year)
        for series in all_series()
        for year in series.observations.keys() | series.targets.keys()
    }
    assert computed.keys() == expected.keys()
    wrong = [
        (key, column, row[column], computed[key][column])
        for key, row in expected.items()
        for column in COLUMNS
        if not agrees(row[column], computed[key][column])
    ]
    assert not wrong, f"{len(wrong)} of {len(expected)} cells differ, such as {wrong[:5]}"


def test_the_random_series_reach_every_edge(
    computed: dict[tuple[str, str, int], dict[str, Any]],
) -> None:
    """A check of the check: verdicts, bases, ratios and edge cases all occur often."""
    rows = list(computed.values())
    for status in ("achieved", "on_track", "moderate", "insufficient", "moving_away", "no_target"):
        assert sum(row["progress_status"] == status for row in rows) > 100, status
    for status in ("no_observation", "not_assessable"):
        assert sum(row["progress_status"] == status for row in rows) > 100, status
    for decided in ("comparator", "keep", "linear", "trajectory", "yes_no"):
        assert sum(row["deciding_ratio"] == decided for row in rows) > 100, decided
    for basis in ("stated", "interpolated", "end_of_plan"):
        assert sum(row["target_basis"] == basis for row in rows) > 100, basis
    series = all_series()
    firsts = [s.observations[min(s.observations)] for s in series if s.observations and s.targets]
    assert sum(value == 0 for value in firsts) > 100
    assert sum(value < 0 for value in firsts) > 100
    assert sum(len(s.observations) == 1 for s in series) > 1000
    assert {s.sign for s in series} == {1, -1}
    assert sum(bool(s.targets) and max(s.observations, default=0) > max(s.targets) for s in series) > 100
    assert sum(row["near_limit"] for row in rows) > 20
