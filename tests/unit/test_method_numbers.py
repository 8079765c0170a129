"""Every number of the method that can be checked by hand, with its source, against the catalog and the rules.

Administrative units have their own tests (test_admin_units_catalog.py); the edge cases of progress are dbt
unit tests, whose vectors are held to the published ones here.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

HOME = Path(__file__).resolve().parents[2]
SEEDS = HOME / "data" / "seeds"
UNIT_TESTS = HOME / "dbt_project" / "models" / "intermediate" / "_progress_unit_tests.yml"

Rows = list[dict[str, str]]


def read(table: str) -> Rows:
    with (SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- Decision 885/QĐ-BTTTT of 25/5/2023: groups and points; equal splits inside G2, G4 and G6 are inferred

GROUP_POINTS = {"G1": 80, "G2": 60, "G3": 20, "G4": 30, "G5": 20, "G6": 90}
CRITERION_POINTS = {
    "1.1": 35,
    "1.2": 15,
    "1.3": 15,
    "1.4": 15,
    **{f"2.{number}": 10 for number in range(1, 7)},
    "3.1": 20,
    **{f"4.{number}": 10 for number in range(1, 4)},
    "5.1": 20,
    **{f"6.{number}": 10 for number in range(1, 10)},
}


def test_points_of_decision_885() -> None:
    rows = [row for row in read("dii_criteria") if row["decision"] == "885/QĐ-BTTTT"]
    assert {row["criterion"]: float(row["max_points"]) for row in rows} == CRITERION_POINTS
    by_group: dict[str, float] = {}
    for row in rows:
        by_group[row["group_code"]] = by_group.get(row["group_code"], 0) + float(row["max_points"])
    assert by_group == GROUP_POINTS
    assert sum(by_group.values()) == 300
    (decision,) = (row for row in read("dii_decisions") if row["decision"] == "885/QĐ-BTTTT")
    assert decision["issued_on"] == "2023-05-25"


# --- national targets: document, date of issue, indicator, year, comparator, value

NATIONAL_TARGETS = [
    ("749/QĐ-TTg", "2020-06-03", "households_fiber_coverage", 2025, ">", 80),
    ("749/QĐ-TTg", "2020-06-03", "communes_fiber_coverage", 2025, "=", 100),
    ("411/QĐ-TTg", "2022-03-31", "adult_smartphone_share", 2025, "=", 80),
    ("411/QĐ-TTg", "2022-03-31", "adult_smartphone_share", 2030, "=", 95),
    ("411/QĐ-TTg", "2022-03-31", "households_fiber_coverage", 2025, "=", 80),
    ("36/QĐ-TTg", "2024-01-11", "villages_fixed_broadband_coverage", 2025, "=", 100),
    ("36/QĐ-TTg", "2024-01-11", "households_fiber_on_demand", 2025, "=", 100),
    ("36/QĐ-TTg", "2024-01-11", "mobile_broadband_speed_mbps", 2025, ">=", 40),
    ("36/QĐ-TTg", "2024-01-11", "mobile_5g_speed_mbps", 2025, ">=", 100),
    ("36/QĐ-TTg", "2024-01-11", "adult_smartphone_share", 2025, "=", 100),
    ("36/QĐ-TTg", "2024-01-11", "population_5g_coverage", 2030, "=", 99),
    ("36/QĐ-TTg", "2024-01-11", "fixed_broadband_speed_mbps", 2030, "=", 1000),
    ("1132/QĐ-TTg", "2024-10-09", "digital_signature_adults", 2025, ">", 50),
    ("1132/QĐ-TTg", "2024-10-09", "population_5g_coverage", 2030, "=", 99),
    ("912/QĐ-BKHCN", "2025-05-18", "bts_5g_to_4g_ratio", 2025, ">=", 50),
    # the ministry's plan for 2023, whose number is not known
    ("", "", "households_fiber_share", 2023, "=", 84),
    ("", "", "fixed_broadband_subs_per_100", 2023, "=", 25),
    ("", "", "mobile_broadband_subs_per_100", 2023, "=", 90),
]


@pytest.mark.parametrize(
    "target", NATIONAL_TARGETS, ids=[f"{t[0] or 'plan'}-{t[2]}-{t[3]}" for t in NATIONAL_TARGETS]
)
def test_national_targets(target: tuple[str, str, str, int, str, float]) -> None:
    found = {
        (
            row["document_number"],
            row["issued_on"],
            row["indicator_code"],
            int(row["year"]),
            row["comparator"],
            float(row["value"]),
        )
        for row in read("national_targets")
    }
    assert target in found
    assert len(found) == len(NATIONAL_TARGETS)


# --- progress: Eurostat 2021 as used by Open SDG, thresholds of the method, tolerances

PARAMETERS = {
    "on_track_min": 0.95,
    "moderate_min": 0.60,
    "insufficient_min": 0,
    "near_limit_tolerance_share": 0.01,
    "cagr_base_floor_share": 0.01,
    "ratio_check_tolerance_points": 0.6,
}
# base, latest, target, base year, direction -> cagr_ratio, linear_pace_ratio; latest 2024, target 2025
VECTORS = [
    (70, 74, 80, 2022, 1, 0.619, 0.600),
    (75, 82, 100, 2022, 1, 0.453, 0.420),
    (22.4, 23.5, 25, 2023, 1, 0.870, 0.846),
    (20, 12, 5, 2022, -1, 0.609, 0.800),
    (60, 58, 80, 2022, 1, -0.167, -0.150),
    (1, 10, 50, 2022, 1, 0.806, 0.276),
    (0, 10, 50, 2022, 1, None, 0.30),
]


def test_progress_parameters() -> None:
    rows = {row["parameter"]: row["value"] for row in read("progress_rules")}
    assert {name: float(rows[name]) for name in PARAMETERS} == PARAMETERS
    assert (rows["deciding_ratio_stated"], rows["deciding_ratio_other"]) == ("trajectory", "linear")


def test_published_vectors_by_hand_and_in_the_dbt_unit_test() -> None:
    tests: list[dict[str, Any]] = yaml.safe_load(UNIT_TESTS.read_text(encoding="utf-8"))["unit_tests"]
    (test,) = (test for test in tests if test["name"] == "progress_test_vectors")
    (cells,) = (given["rows"] for given in test["given"] if "int_yearly_cell" in given["input"])
    expected = test["expect"]["rows"]
    assert len(VECTORS) == len(cells) == len(expected)
    for (base, latest, target, base_year, sign, cagr, pace), cell, row in zip(
        VECTORS, cells, expected, strict=True
    ):
        assert (cell["baseline_value"], cell["actual_value"], cell["final_target_value"]) == (
            base,
            latest,
            target,
        )
        assert (cell["baseline_year"], cell["year"], cell["final_target_year"]) == (base_year, 2024, 2025)
        assert cell["direction"] == ("higher_is_better" if sign == 1 else "lower_is_better")
        reached, needed = 2024 - base_year, 2025 - base_year
        by_hand = ((latest - base) / reached) / ((target - base) / needed)
        assert by_hand == pytest.approx(pace, abs=5e-4)
        assert row["linear_pace_ratio"] == pytest.approx(by_hand, abs=5e-7)
        if cagr is None:
            assert row["cagr_ratio"] is None
        else:
            growth = sign * ((latest / base) ** (1 / reached) - 1)
            by_hand = growth / abs((target / base) ** (1 / needed) - 1)
            assert by_hand == pytest.approx(cagr, abs=5e-4)
            assert row["cagr_ratio"] == pytest.approx(by_hand, abs=5e-7)


# --- duties: Thanh Hóa 225/KH-UBND (before 30/10), Cà Mau 250/KH-UBND (before 15/12), letter 2705/STTTT-BCVT


@pytest.mark.parametrize(
    ("code", "province", "day", "month", "basis"),
    [
        ("TH_PROVINCE_YEARLY", "38", "30", "10", "225/KH-UBND"),
        ("CM_PROVINCE_YEARLY", "96", "15", "12", "250/KH-UBND"),
        ("TH_DISTRICT_2024", "38", "30", "11", "2705/STTTT-BCVT ngày 30/10/2024"),
    ],
)
def test_reporting_duties(code: str, province: str, day: str, month: str, basis: str) -> None:
    (row,) = (row for row in read("reporting_obligations") if row["obligation_code"] == code)
    assert (row["province_code"], row["due_day"], row["due_month"]) == (province, day, month)
    assert row["legal_basis"].startswith(basis)


# --- public holidays: Labour Code 2019 art. 112; day swaps as announced


@pytest.mark.parametrize(
    "day",
    [
        "2023-01-20",  # Tết Quý Mão began on 22/1/2023
        "2024-02-10",  # Tết Giáp Thìn
        "2024-04-18",  # Hùng Kings, 10th day of the third lunar month
        "2024-04-29",  # swapped with Saturday 4/5/2024
        "2024-09-03",  # second day of National Day
        "2025-01-29",  # Tết Ất Tỵ
        "2025-05-02",  # swapped with Saturday 26/4/2025
        "2026-02-17",  # Tết Bính Ngọ
    ],
)
def test_known_public_holidays(day: str) -> None:
    assert day in {row["holiday_on"] for row in read("public_holidays")}


def test_public_holidays_cover_every_year_of_a_duty() -> None:
    rows = read("public_holidays")
    years = {int(row["holiday_on"][:4]) for row in rows}
    assert years == set(range(2020, 2036))
    for year in years:
        assert f"{year}-09-02" in {row["holiday_on"] for row in rows}
        # ten days by law until 2020, eleven since, one more with the Day of Culture from 2026
        assert sum(row["holiday_on"].startswith(str(year)) for row in rows) >= (10 if year == 2020 else 11)
