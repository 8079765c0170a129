"""What was known on a day: as_of(D) over a random history equals a build from scratch of what had arrived by D.

The history: 200 documents of a few units, plans and reports, re-sent with other figures, adjusted,
withdrawn, undated, mentioning other units, leaving places empty, and corrections by the data team, in
random order.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration.rebuilding import (
    DATABASE,
    Model,
    build,
    create_raw_tables,
    dbt_build,
    fresh,
    insert,
)

pytestmark = pytest.mark.slow

SEED = 2026
DOCUMENTS = 200
DAYS = 20
FIRST_DAY = dt.datetime.fromisoformat("2024-01-01T08:00:00")
SPAN = 700
# A province, two of its districts, another province, a commune of today: code, first day, level.
UNITS = (
    ("38", "2008-08-01", "province"),
    ("393", "2008-08-01", "district"),
    ("394", "2008-08-01", "district"),
    ("96", "2008-08-01", "province"),
    ("00004", "2025-07-01", "commune"),
)
# With a national target (adults), with parts above in the province, a count, yes/no.
INDICATORS = (
    ("adult_smartphone_share", "percent"),
    ("households_fiber_share", "percent"),
    ("bts_4g_count", "count"),
    ("ai_as_service", "boolean"),
)
YEARS = range(2021, 2027)
CELLS = "admin_unit_code, admin_unit_name, level, indicator_code, year, actual_value, target_value"
MARTS = " union all ".join(
    f"select admin_unit_code, admin_unit_name, '{level}' as level, indicator_code, year, actual_value, target_value"
    f" from marts.mart_{level}_indicator_yearly"
    for level in ("province", "district", "commune")
)
EMPTY_CELLS = " union all ".join(
    f"select obs_status from marts.mart_{level}_indicator_yearly"
    for level in ("province", "district", "commune")
)

Row = dict[str, Any]


@dataclass(frozen=True)
class History:
    documents: list[Row]
    facts: list[Row]
    corrections: list[Row]
    empty_statements: list[Row]

    def on(self, day: dt.date) -> History:
        """What had arrived by the end of the day and was still there."""
        documents = [
            row | {"withdrawn_at": None}
            for row in self.documents
            if row["received_at"].date() <= day
            and (row["withdrawn_at"] is None or row["withdrawn_at"].date() > day)
        ]
        there = {row["document_id"] for row in documents}
        return History(
            documents,
            [row for row in self.facts if row["document_id"] in there],
            [row for row in self.corrections if row["corrected_on"] <= day and row["document_id"] in there],
            [row for row in self.empty_statements if row["document_id"] in there],
        )


def unit_columns(unit: tuple[str, str, str]) -> Row:
    code, valid_from, level = unit
    return {
        "admin_unit_code": code,
        "admin_unit_valid_from": dt.date.fromisoformat(valid_from),
        "admin_unit_level": level,
        "admin_unit_name": code,
    }


def random_history(rng: random.Random) -> History:
    documents: list[Row] = []
    facts: list[Row] = []
    corrections: list[Row] = []
    empty_statements: list[Row] = []
    for number in range(DOCUMENTS):
        resent = documents[rng.randrange(number)] if number and rng.random() < 0.25 else None
        received_at = FIRST_DAY + dt.timedelta(days=rng.randrange(SPAN), hours=rng.choice([0, 0, 5]))
        withdrawn_at = received_at + dt.timedelta(days=rng.randrange(200)) if rng.random() < 0.3 else None
        issued_on = received_at.date() - dt.timedelta(days=rng.choice([0, 1, 1, 30, 400]))
        document = {
            "document_id": f"{number:064d}",
            "path": f"{number}.txt",
            "byte_count": 0,
            "document_type": rng.choice(["plan", "report"]),
            "document_number": resent["document_number"] if resent else f"{number}/KH-UBND",
            "title": rng.choice(["Kế hoạch", "Báo cáo", "Kế hoạch điều chỉnh, bổ sung"]),
            "issued_on": (resent["issued_on"] if resent else None if rng.random() < 0.2 else issued_on),
            "adjusts_document_number": f"{rng.randrange(number)}/KH-UBND"
            if number and rng.random() < 0.1
            else None,
            "received_at": received_at,
            "withdrawn_at": withdrawn_at,
            "status": "read",
            "block_count": 1,
            "statement_count": 1,
            "reader_version": "1",
            "extractor_version": "1",
        } | unit_columns(UNITS[int(resent["unit_no"])] if resent else UNITS[number % len(UNITS)])
        document["unit_no"] = resent["unit_no"] if resent else number % len(UNITS)
        documents.append(document)
        for position in range(rng.randint(1, 8)):
            indicator, unit = rng.choice(INDICATORS)
            kind = rng.choice(["actual", "actual", "estimate", "baseline", "target", "target"])
            about = rng.choice(UNITS) if rng.random() < 0.2 else UNITS[int(document["unit_no"])]
            fact = {
                "fact_id": f"{number}-{position}",
                "statement_id": f"{number}-{position}",
                "document_id": document["document_id"],
                "indicator_code": indicator,
                "year": rng.choice(YEARS),
                "as_of": dt.date(rng.choice(YEARS), 6, 30) if rng.random() < 0.2 else None,
                "kind": kind,
                "value": float(rng.randint(0, 1) if unit == "boolean" else rng.randint(0, 100)),
                "unit": unit,
                "comparator": rng.choice(["=", ">="]),
                "approximate": False,
                "is_headline": rng.random() < 0.95,
                "obs_status": rng.choice(["A", "P", "E"]),
                "matched_by": "test",
                "confidence": rng.choice([0.7, 0.9, 1.0]),
                "label": "",
                "quote": "",
                "block_no": position,
                "char_start": 0,
                "char_end": 0,
                "table_no": 1,
                "table_row": position,
                "table_column": 1,
            } | unit_columns(about)
            facts.append(fact)
            if rng.random() < 0.1:
                empty_statements.append(
                    {
                        "statement_id": f"{number}-{position}-empty",
                        "document_id": fact["document_id"],
                        "year": rng.choice(YEARS),
                        "kind": rng.choice(["actual", "baseline", "target"]),
                        "comparator": "=",
                        "approximate": False,
                        "figure_role": "blank",
                        "quote": "",
                        "block_no": position,
                        "char_start": 0,
                        "char_end": 0,
                        "table_no": 1,
                        "table_row": position,
                        "table_column": 2,
                    }
                )
            if rng.random() < 0.06:
                wrong = float(fact["value"]) if rng.random() < 0.8 else -1.0
                corrections.append(
                    {
                        "correction_id": f"c{len(corrections)}",
                        "document_id": fact["document_id"],
                        "indicator_code": indicator,
                        "admin_unit_code": fact["admin_unit_code"],
                        "year": fact["year"],
                        "kind": kind,
                        "expected_value": wrong,
                        "right_value": 55.0,
                        "reason": "misprint",
                        "corrected_by": "test",
                        "corrected_on": (received_at + dt.timedelta(days=rng.randrange(-20, 120))).date(),
                    }
                )
    rng.shuffle(documents)
    rng.shuffle(facts)
    return History(
        [{k: v for k, v in d.items() if k != "unit_no"} for d in documents],
        facts,
        corrections,
        empty_statements,
    )


def load(connection: duckdb.DuckDBPyConnection, history: History, day: dt.date | None) -> None:
    insert(connection, "documents", history.documents)
    insert(connection, "facts", history.facts)
    insert(connection, "statements", history.empty_statements)
    insert(
        connection,
        "rejects",
        [
            {
                "reject_id": row["statement_id"],
                "level": "statement",
                "document_id": row["document_id"],
                "statement_id": row["statement_id"],
                "reason_code": "blank_cell",
                "reason": "blank",
            }
            for row in history.empty_statements
        ],
    )
    for row in history.corrections:
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        connection.execute(
            f"insert into reference.corrections ({names}) values ({marks})", list(row.values())
        )
    connection.execute(
        """
        insert into reference.target_rules (rule_code, rule, indicator_code, level, first_year, last_year)
        values ('KEEP', 'keep_every_year', 'households_fiber_share', 'province', 2022, 2026)
        """
    )
    if day is not None:
        connection.execute(
            "delete from reference.national_targets where coalesce(issued_on, make_date(year, 1, 1)) > ?",
            [day],
        )


@dataclass(frozen=True)
class World:
    folder: Path
    models: Sequence[Model]
    history: History


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """dbt's own build of nothing, and a database named full that holds the whole history."""
    folder: Path = tmp_path_factory.mktemp("bitemporal")
    with duckdb.connect(str(folder / DATABASE)) as connection:
        create_raw_tables(connection)
    models = dbt_build(
        folder,
        "+as_of",
        "+mart_province_indicator_yearly",
        "+mart_district_indicator_yearly",
        "+mart_commune_indicator_yearly",
        "+mart_revision",
    )
    history = random_history(random.Random(SEED))  # noqa: S311 - repeatable cases, not secrets
    with fresh(folder / "full", like=folder) as connection:
        load(connection, history, None)
        build(connection, models)
    return World(folder, models, history)


def test_the_past_equals_a_build_of_what_had_arrived(world: World) -> None:
    rng = random.Random(SEED + 1)  # noqa: S311
    days = sorted(
        {(FIRST_DAY + dt.timedelta(days=day)).date() for day in rng.sample(range(SPAN + 150), DAYS)}
    )
    assert len(days) == DAYS
    compared = 0
    with duckdb.connect(str(world.folder / "full" / DATABASE), read_only=True) as full:
        known = {
            day: sorted(full.execute(f"select {CELLS} from marts.as_of(?::date)", [day]).fetchall(), key=repr)
            for day in days
        }
    for day in days:
        with fresh(world.folder / day.isoformat(), like=world.folder) as scratch:
            load(scratch, world.history.on(day), day)
            build(scratch, world.models)
            expected = sorted(scratch.execute(MARTS).fetchall(), key=repr)
        assert known[day] == expected, day
        compared += len(expected)
    assert compared > 1000


def test_periods_of_knowledge_end_with_a_better_vintage_or_a_withdrawal(world: World) -> None:
    with duckdb.connect(str(world.folder / "full" / DATABASE), read_only=True) as full:
        for table in ("fct_observation_vintage", "fct_target"):
            wrong = full.execute(
                f"""
                select * from marts.{table}
                where is_current and (known_to is not null or withdrawn_at is not null)
                    or withdrawn_at is not null and known_from < withdrawn_at and known_to is null
                        and priority_rank is not null
                    or known_to <= known_from
                    or known_to > withdrawn_at
                """
            ).fetchall()
            assert wrong == [], table
        one_holder = full.execute(
            """
            select count(*), count(distinct (admin_unit_key, indicator_code, year))
            from marts.fct_observation_vintage where is_current
            """
        ).fetchone()
        assert one_holder is not None
        assert one_holder[0] == one_holder[1] > 0


def test_the_history_has_every_kind_of_event(world: World) -> None:
    """A check of the check."""
    with duckdb.connect(str(world.folder / "full" / DATABASE), read_only=True) as full:
        counts = full.execute(
            """
            select
                count(*) filter (where withdrawn_at is not null),
                count(*) filter (where correction_id is not null),
                count(*) filter (where known_to is not null),
                count(*) filter (where correction_status = 'expired')
            from marts.fct_observation_vintage
            """
        ).fetchone()
        targets = full.execute(
            """
            select
                count(*) filter (where withdrawn_at is not null),
                count(*) filter (where is_adjustment),
                count(*) filter (where kept_from_year is not null)
            from marts.fct_target
            """
        ).fetchone()
        revised = full.execute(
            "select count(*) from marts.mart_revision where revision_count > 1 and first_value <> last_value"
        ).fetchone()
        blanks = full.execute(f"select count(*) from ({EMPTY_CELLS}) where obs_status = 'O'").fetchone()
    assert counts is not None
    assert targets is not None
    assert revised is not None
    assert blanks is not None
    assert min(*counts, *targets, *revised, *blanks) > 0
