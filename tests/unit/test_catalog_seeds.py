"""Checks of the statistical catalog as it lies in data/seeds, without dbt.

What is tested here is what dbt's column tests cannot say: sums, ranges per unit, references across
tables and distinctions that a later edit could blur. Admin units and matching tables are tested elsewhere.
"""

import csv
import datetime as dt
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

SEEDS = Path(__file__).resolve().parents[2] / "data" / "seeds"
TABLES = (
    "indicators",
    "national_targets",
    "progress_rules",
    "corrections",
    "reporting_obligations",
    "dii_criteria",
    "priority_rules",
    "units",
    "target_rules",
    "dii_decisions",
    "published_dii_scores",
    "public_holidays",
    "indicator_families",
    "indicator_family_members",
)
LEVELS = ("country", "province", "district", "commune")
COMPARATORS = {"=", ">=", "<=", ">", "<"}
RANGE_BY_UNIT = {
    "percent": ("0", "100"),
    "per_100_people": ("0", "300"),
    "count": ("0", ""),
    "mbps": ("0", "100000"),
    "km": ("0", ""),
    "boolean": ("0", "1"),
    "ratio": ("0", ""),
}

Rows = list[dict[str, str]]


def read(table: str) -> Rows:
    with (SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def indicators() -> dict[str, dict[str, str]]:
    rows = read("indicators")
    by_code = {row["indicator_code"]: row for row in rows}
    assert len(by_code) == len(rows), "an indicator code stands twice"
    return by_code


@pytest.fixture(scope="module")
def properties() -> dict[str, dict[str, Any]]:
    text = (SEEDS / "_seeds.yml").read_text(encoding="utf-8")
    return {seed["name"]: seed for seed in yaml.safe_load(text)["seeds"]}


@pytest.mark.parametrize("table", TABLES)
def test_every_line_has_as_many_cells_as_the_header(table: str) -> None:
    with (SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    wrong = [number for number, line in enumerate(lines, start=1) if len(line) != len(lines[0])]
    assert wrong == []


@pytest.mark.parametrize("table", TABLES)
def test_cells_are_composed_unicode_without_stray_spaces_and_booleans_are_lower_case(table: str) -> None:
    for row in read(table):
        for column, cell in row.items():
            assert cell == " ".join(cell.split()), (column, cell)
            assert unicodedata.is_normalized("NFC", cell), (column, cell)
            assert cell not in {"True", "False", "TRUE", "FALSE"}, (column, cell)


@pytest.mark.parametrize("table", TABLES)
def test_properties_describe_and_type_every_column(table: str, properties: dict[str, dict[str, Any]]) -> None:
    with (SEEDS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    seed = properties[table]
    columns = {column["name"]: column for column in seed["columns"]}
    assert list(columns) == header
    assert list(seed["config"]["column_types"]) == header
    assert seed["description"]
    table_tests = re.findall(r"\w+", str(seed["data_tests"]))
    for name, column in columns.items():
        assert column.get("description"), name
        assert column.get("data_tests") or name in table_tests, name


# --- indicators


def test_names_definitions_and_metadata_are_filled(indicators: dict[str, dict[str, str]]) -> None:
    may_be_empty = {"valid_max", "dii_criterion", "parent_indicator_code", "weight_indicator_code"}
    empty = [
        (code, column)
        for code, row in indicators.items()
        for column, cell in row.items()
        if not cell and column not in may_be_empty
    ]
    assert empty == []


@pytest.mark.parametrize("column", ["name_vi", "name_en", "definition_vi", "definition_en", "calculation_vi"])
def test_no_two_indicators_share_a_name_or_definition(
    column: str, indicators: dict[str, dict[str, str]]
) -> None:
    counts = Counter(row[column].casefold() for row in indicators.values())
    assert [text for text, count in counts.items() if count > 1] == []


def test_directions_are_closed_and_what_is_phased_out_counts_down(
    indicators: dict[str, dict[str, str]],
) -> None:
    assert {row["direction"] for row in indicators.values()} == {
        "higher_is_better",
        "lower_is_better",
    }
    lower = {code for code, row in indicators.items() if row["direction"] == "lower_is_better"}
    assert lower == {
        "bts_2g_count",
        "bts_3g_count",
        "feature_phone_subs_count",
        "feature_phone_only_population_share",
        "villages_without_mobile_signal_count",
        "villages_weak_signal_count",
        "villages_without_fixed_broadband_count",
    }
    for code in lower:
        assert "giảm là tốt" in indicators[code]["definition_vi"], code
        assert "is better" in indicators[code]["definition_en"], code


def test_units_are_known_and_each_has_one_valid_range(
    indicators: dict[str, dict[str, str]],
) -> None:
    units = {row["unit"] for row in read("units")}
    assert set(RANGE_BY_UNIT) <= units
    for code, row in indicators.items():
        assert (row["valid_min"], row["valid_max"]) == RANGE_BY_UNIT[row["unit"]], code


def test_parents_and_weights_are_indicators_of_a_unit_that_fits(
    indicators: dict[str, dict[str, str]],
) -> None:
    for code, row in indicators.items():
        if row["parent_indicator_code"]:
            assert indicators[row["parent_indicator_code"]]["unit"] == row["unit"], code
        if row["weight_indicator_code"]:
            assert indicators[row["weight_indicator_code"]]["unit"] == "count", code
    parts = {c for c, r in indicators.items() if r["parent_indicator_code"]}
    assert parts == {c for c in indicators if c.startswith("platform_")}
    assert {indicators[c]["parent_indicator_code"] for c in parts} == {"digital_platforms_deployed"}


def test_percentages_spell_out_their_formula(indicators: dict[str, dict[str, str]]) -> None:
    without = [
        code
        for code, row in indicators.items()
        if row["unit"] in {"percent", "per_100_people"} and not row["calculation_vi"].endswith("× 100")
    ]
    # the source of this one names no numerator or denominator: that is its definition
    assert without == ["coverage_5g_unspecified"]


def test_three_fibre_indicators_of_households_stay_apart(
    indicators: dict[str, dict[str, str]],
) -> None:
    codes = ["households_fiber_share", "households_fiber_coverage", "households_fiber_on_demand"]
    assert all(indicators[code]["unit"] == "percent" for code in codes)
    assert "subscribe to fibre" in indicators[codes[0]]["definition_en"]
    assert "passed by fibre" in indicators[codes[1]]["definition_en"]
    assert "if they asked" in indicators[codes[2]]["definition_en"]


# --- criteria


def test_dii_criteria_are_24_in_6_groups_and_300_points() -> None:
    rows = read("dii_criteria")
    assert len(rows) == len({row["criterion"] for row in rows}) == 24
    points = Counter[str]()
    for row in rows:
        assert row["group_code"] == "G" + row["criterion"].split(".")[0]
        points[row["group_code"]] += int(row["max_points"])
    assert points == {"G1": 80, "G2": 60, "G3": 20, "G4": 30, "G5": 20, "G6": 90}
    assert sum(points.values()) == 300


def test_scoring_rule_fits_the_unit_and_the_indicator(
    indicators: dict[str, dict[str, str]],
) -> None:
    rule_by_unit = {
        "percent": "ratio",
        "per_100_people": "reference",
        "mbps": "reference",
        "boolean": "yes_no",
    }
    for row in read("dii_criteria"):
        criterion, rule = row["criterion"], row["scoring_rule"]
        assert row["name_vi"]
        assert row["name_en"]
        assert (rule == "reference") == bool(row["reference_value"]), criterion
        if row["group_code"] == "G1":
            assert rule == ("own_plan" if criterion == "1.1" else "none")
            assert row["indicator_code"] == row["fallback_indicator_code"] == ""
            continue
        assert rule == rule_by_unit[row["unit"]], criterion
        for code in filter(None, (row["indicator_code"], row["fallback_indicator_code"])):
            assert indicators[code]["unit"] == row["unit"], criterion
            assert indicators[code]["dii_criterion"] == criterion


def test_only_criteria_whose_name_and_points_were_read_are_confirmed() -> None:
    confirmed = {row["criterion"] for row in read("dii_criteria") if row["confirmed"] == "true"}
    assert confirmed == {"1.1", "1.2", "1.3", "1.4"}


def test_every_criterion_named_by_an_indicator_exists(
    indicators: dict[str, dict[str, str]],
) -> None:
    known = {row["criterion"] for row in read("dii_criteria")}
    named = {row["dii_criterion"] for row in indicators.values() if row["dii_criterion"]}
    assert named == known - {"1.1", "1.2", "1.3", "1.4"}


# --- targets


def test_national_targets_lie_in_the_range_of_their_indicator(
    indicators: dict[str, dict[str, str]],
) -> None:
    for row in read("national_targets"):
        indicator = indicators[row["indicator_code"]]
        value = float(row["value"])
        assert value >= float(indicator["valid_min"])
        assert not indicator["valid_max"] or value <= float(indicator["valid_max"])
        assert row["comparator"] in COMPARATORS
        assert 2020 <= int(row["year"]) <= 2035


def test_national_targets_name_their_document_and_levels() -> None:
    rows = read("national_targets")
    keys = Counter((r["indicator_code"], r["year"], r["document_title"]) for r in rows)
    assert max(keys.values()) == 1
    for row in rows:
        assert row["document_title"]
        levels = row["applies_to_levels"].split("|")
        assert levels == [level for level in LEVELS if level in levels]
        assert levels[0] == "country"
        if row["confirmed"] == "true":
            assert row["document_number"]
            assert dt.date.fromisoformat(row["issued_on"]).year <= int(row["year"])
        else:
            assert row["note"]


def test_adult_smartphones_in_2025_keep_both_targets_and_the_later_one_is_higher() -> None:
    found = sorted(
        (row["issued_on"], row["document_number"], row["value"])
        for row in read("national_targets")
        if row["indicator_code"] == "adult_smartphone_share" and row["year"] == "2025"
    )
    assert found == [("2022-03-31", "411/QĐ-TTg", "80"), ("2024-01-11", "36/QĐ-TTg", "100")]


# --- rules


def test_progress_thresholds_are_ordered_and_the_deciding_ratios_are_known() -> None:
    rows = read("progress_rules")
    assert len({(row["rule_version"], row["parameter"]) for row in rows}) == len(rows)
    value = {row["parameter"]: row["value"] for row in rows}
    assert 0 == float(value["insufficient_min"]) < float(value["moderate_min"])
    assert float(value["moderate_min"]) < float(value["on_track_min"]) < 1
    assert value["deciding_ratio_stated"] == "trajectory"
    assert value["deciding_ratio_other"] == "linear"
    assert 0 < float(value["confidence_bar"]) < 1


def test_every_unit_of_an_indicator_has_a_conflict_tolerance(
    indicators: dict[str, dict[str, str]],
) -> None:
    parameters = {row["parameter"] for row in read("progress_rules")}
    for unit in {row["unit"] for row in indicators.values()}:
        assert len(parameters & {f"conflict_tolerance_{unit}", f"conflict_tolerance_relative_{unit}"}) == 1, (
            unit
        )


def test_priority_rules_are_numbered_without_gaps_and_end_with_the_tie_break() -> None:
    rows = read("priority_rules")
    assert [int(row["rule_order"]) for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["rule_code"] == "correction"
    assert rows[-1]["rule_code"] == "document_order"
    assert len({row["rule_code"] for row in rows}) == len(rows)


# --- duties and corrections


def test_reporting_obligations_have_a_real_due_date_in_every_year() -> None:
    rows = read("reporting_obligations")
    assert len({row["obligation_code"] for row in rows}) == len(rows)
    for row in rows:
        assert row["reporter_level"] in {"province", "district"}
        # a general rule is about every province with a plan, and is never confirmed
        assert len(row["province_code"]) == 2 or row["applies_to"] == "province_with_plan"
        assert row["province_code"] or row["confirmed"] == "false"
        first, last = int(row["first_year"]), int(row["last_year"])
        assert first <= last
        for year in range(first, last + 1):
            dt.date(year, int(row["due_month"]), int(row["due_day"]))
            # the district level ended on 30/6/2025
            assert row["reporter_level"] != "district" or year < 2025


def test_corrections_name_known_indicators(indicators: dict[str, dict[str, str]]) -> None:
    for row in read("corrections"):
        assert row["indicator_code"] in indicators
        assert row["expected_value"] != row["right_value"]
        assert row["reason"]
        assert row["corrected_by"]
        dt.date.fromisoformat(row["corrected_on"])
