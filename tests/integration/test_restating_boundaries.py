"""History on the boundaries of today: nothing is lost or doubled over the bridge, and codes keep their owners."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher
from pipelines.settings import get_settings
from tests.integration.rebuilding import DATABASE, create_raw_tables, dbt_build, insert

pytestmark = pytest.mark.slow

# METHOD section 4: codes of provinces that name another province since 1/7/2025.
REUSED = {
    "15": ("Yên Bái", "Lào Cai"),
    "24": ("Bắc Giang", "Bắc Ninh"),
    "44": ("Quảng Bình", "Quảng Trị"),
    "52": ("Bình Định", "Gia Lai"),
    "80": ("Long An", "Tây Ninh"),
    "82": ("Tiền Giang", "Đồng Tháp"),
    "91": ("Kiên Giang", "An Giang"),
}
RECEIVED = dt.datetime.fromisoformat("2026-10-01T08:00:00")
COUNTED, WEIGHTED, AVERAGED = "mobile_subs_count", "smartphone_share_of_mobile_subs", "internet_user_share"
Row = dict[str, Any]


def catalog(name: str) -> list[dict[str, str]]:
    with (get_settings().seeds_dir / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def provinces_on(day: str) -> list[dict[str, str]]:
    return [
        row
        for row in catalog("admin_units")
        if row["level"] == "province"
        and row["valid_from"] <= day
        and (not row["valid_to"] or row["valid_to"] >= day)
    ]


def key_of(row: dict[str, str]) -> str:
    return f"{row['admin_unit_code']}@{row['valid_from']}"


def random_facts() -> list[Row]:
    """Counts, a weighted rate and a plain rate of all 63 provinces for 2022, of the 34 for 2026."""
    rng = random.Random(34)  # noqa: S311
    rows: list[Row] = []
    for year, day in ((2022, "2022-12-31"), (2026, "2026-12-31")):
        for unit in provinces_on(day):
            for indicator, unit_of_measure, value in (
                (COUNTED, "count", float(rng.randrange(1, 10_000_000))),
                (WEIGHTED, "percent", round(rng.uniform(0, 100), 2)),
                (AVERAGED, "percent", round(rng.uniform(0, 100), 2)),
            ):
                rows.append(
                    {
                        "fact_id": f"{key_of(unit)}-{indicator}-{year}",
                        "statement_id": f"{key_of(unit)}-{indicator}-{year}",
                        "document_id": "d",
                        "indicator_code": indicator,
                        "admin_unit_code": unit["admin_unit_code"],
                        "admin_unit_valid_from": dt.date.fromisoformat(unit["valid_from"]),
                        "admin_unit_level": "province",
                        "admin_unit_name": unit["name"],
                        "year": year,
                        "kind": "actual",
                        "value": value,
                        "unit": unit_of_measure,
                        "comparator": "=",
                        "approximate": False,
                        "is_headline": True,
                        "obs_status": "A",
                        "matched_by": "test",
                        "confidence": 1.0,
                        "label": "",
                        "quote": "",
                        "block_no": 0,
                        "char_start": 0,
                        "char_end": 0,
                    }
                )
    return rows


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, int], Row]:
    """Rows of mart_province_indicator_yearly_current by unit, indicator and year, as dbt builds them."""
    folder: Path = tmp_path_factory.mktemp("restating")
    with duckdb.connect(str(folder / DATABASE)) as connection:
        create_raw_tables(connection)
        document = {"document_id": "d", "path": "d.txt", "byte_count": 0, "received_at": RECEIVED}
        document |= {"status": "read", "block_count": 0, "statement_count": 0}
        insert(connection, "documents", [document | {"reader_version": "", "extractor_version": ""}])
        insert(connection, "facts", random_facts())
    dbt_build(folder, "+mart_province_indicator_yearly_current")
    with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
        cursor = connection.execute("select * from marts.mart_province_indicator_yearly_current")
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {(row["admin_unit_key"], row["indicator_code"], row["year"]): row for row in rows}


def composition() -> dict[str, list[str]]:
    """Old provinces of each province of today, unmerged ones standing for themselves."""
    parts: dict[str, list[str]] = defaultdict(list)
    old = {key_of(row) for row in provinces_on("2025-06-30")}
    for row in catalog("admin_unit_successors"):
        before, after = (
            f"{row['old_code']}@{row['old_valid_from']}",
            f"{row['new_code']}@{row['new_valid_from']}",
        )
        if before in old and Decimal(row["share"]):
            parts[after].append(before)
    return parts


def value(rows: list[Row], unit_key: str, indicator: str, year: int) -> float:
    (found,) = (row["value"] for row in rows if row["fact_id"] == f"{unit_key}-{indicator}-{year}")
    return float(found)


def test_63_provinces_become_34() -> None:
    parts = composition()
    assert len(parts) == 34
    assert len({old for olds in parts.values() for old in olds}) == 63
    assert sum(len(olds) for olds in parts.values()) == 63


def test_counts_are_preserved_exactly(restated: dict[tuple[str, str, int], Row]) -> None:
    facts = random_facts()
    before = sum(row["value"] for row in facts if row["indicator_code"] == COUNTED and row["year"] == 2022)
    cells = [row for (_, code, year), row in restated.items() if code == COUNTED and year == 2022]
    assert len(cells) == 34
    assert sum(row["actual_value"] for row in cells) == before
    for unit_key, olds in composition().items():
        expected = sum(value(facts, old, COUNTED, 2022) for old in olds)
        assert restated[unit_key, COUNTED, 2022]["actual_value"] == expected


def test_rates_are_weighted_where_the_weight_is_known_else_averaged(
    restated: dict[tuple[str, str, int], Row],
) -> None:
    facts = random_facts()
    merged = 0
    for unit_key, olds in composition().items():
        weights = [value(facts, old, COUNTED, 2022) for old in olds]
        rates = [value(facts, old, WEIGHTED, 2022) for old in olds]
        plain = [value(facts, old, AVERAGED, 2022) for old in olds]
        weighted_row, plain_row = restated[unit_key, WEIGHTED, 2022], restated[unit_key, AVERAGED, 2022]
        expected = sum(w * r for w, r in zip(weights, rates, strict=True)) / sum(weights)
        assert weighted_row["actual_value"] == pytest.approx(expected, abs=1e-6)
        assert plain_row["actual_value"] == pytest.approx(sum(plain) / len(plain), abs=1e-6)
        methods = (weighted_row["restatement_method"], plain_row["restatement_method"])
        if olds == [unit_key]:
            assert methods == ("unchanged", "unchanged")
        else:
            assert methods == ("weighted_mean", "arithmetic_mean")
            merged += 1
    assert merged == 23


def test_the_first_year_after_the_break_is_marked(restated: dict[tuple[str, str, int], Row]) -> None:
    for unit_key, olds in composition().items():
        row = restated[unit_key, COUNTED, 2026]
        is_merged = olds != [unit_key]
        assert (row["obs_status"], row["reported_obs_status"]) == ("B" if is_merged else "A", "A")
        assert row["restatement_method"] == ("as_reported" if is_merged else "unchanged")
        before = restated[unit_key, COUNTED, 2022]["actual_value"]
        assert row["previous_actual_value"] == before
        assert row["change_from_previous"] == pytest.approx(row["actual_value"] - before)


def test_quang_tri_is_two_units_and_one_series(restated: dict[tuple[str, str, int], Row]) -> None:
    facts = random_facts()
    row = restated["44@2025-07-01", COUNTED, 2022]
    assert row["admin_unit_name"] == "tỉnh Quảng Trị"
    assert row["actual_value"] == value(facts, "44@2008-08-01", COUNTED, 2022) + value(
        facts, "45@2008-08-01", COUNTED, 2022
    )
    assert row["known_parts"] == "tỉnh Quảng Bình|tỉnh Quảng Trị"


def test_shares_sum_to_one_for_every_old_unit() -> None:
    shares: dict[str, Decimal] = defaultdict(Decimal)
    for row in catalog("admin_unit_successors"):
        shares[f"{row['old_code']}@{row['old_valid_from']}"] += Decimal(row["share"])
    ended = {key_of(row) for row in catalog("admin_units") if row["valid_to"] == "2025-06-30"}
    assert len(ended) > 10_000
    assert ended <= shares.keys()
    assert {key: total for key, total in shares.items() if total != 1} == {}


@pytest.mark.parametrize("code", REUSED)
def test_no_figure_of_2026_falls_on_the_earlier_owner_of_a_code(code: str) -> None:
    """Names resolve by the date of the document: the new owner's name in 2026, the old owner's in 2024."""
    earlier, later = REUSED[code]
    matcher = Matcher(load_catalog(get_settings().seeds_dir))

    def place(name: str, day: dt.date) -> tuple[str, str] | None:
        unit = matcher.match_document(f"tỉnh {name}", day, None, []).place.unit
        return (unit.code, unit.valid_from.isoformat()) if unit else None

    assert place(later, dt.date(2026, 3, 1)) == (code, "2025-07-01")
    assert place(earlier, dt.date(2024, 3, 1)) == (code, "2008-08-01")
    assert place(later, dt.date(2024, 3, 1)) != (code, "2025-07-01")
    assert place(earlier, dt.date(2026, 3, 1)) != (code, "2025-07-01")
