"""The questions of docs/analyst-guide.md, each asked of the released database as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.running import Night

pytestmark = pytest.mark.slow

DOCS = Path(__file__).resolve().parents[2] / "docs"
QUESTION = re.compile(r"^## (\d+)\. .+?$.+?^```sql\n(.+?)^```$", re.MULTILINE | re.DOTALL)


def questions(page: str) -> dict[int, str]:
    """The SQL of each numbered question."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return {int(number): sql for number, sql in QUESTION.findall(text)}


QUESTIONS = questions("analyst-guide.md")

# Some answer of each question on the sample, as the columns named in it: a row that must be among the rows.
ANSWERS = {
    2: {"indicator_code": "cable_duct_sharing", "year": 2025, "target_value": 2},
    3: {"admin_unit_name": "tỉnh Thanh Hóa", "status": "missing"},
    4: {"admin_unit_name": "thành phố Đà Nẵng", "previous_year": 2019, "year": 2020},
    5: {"value": 75, "winning_rule": "kind_final", "path": "thanh-hoa/vinh-loc/2024-bao-cao-ha-tang-so.txt"},
    6: {"progress_status": "moderate", "actual_value": 11.74, "deciding_ratio": "trajectory"},
    7: {"indicator_code": "households_fiber_share", "winner_value": 77.1, "other_value": 78.3},
    8: {"admin_unit_name": "tỉnh Cà Mau", "year": 2023, "max_points": 300},
    9: {"measure": "target", "first_value": 80, "last_value": 100},
    10: {"old_key": "44@2008-08-01", "new_key": "44@2025-07-01", "share": 1},
}


def test_there_are_ten_questions_and_both_languages_ask_the_same() -> None:
    assert sorted(QUESTIONS) == list(range(1, 11))
    assert questions("analyst-guide.vi.md") == QUESTIONS


@pytest.mark.parametrize("number", sorted(QUESTIONS))
def test_a_question_has_its_answer(night: Night, number: int) -> None:
    sql = QUESTIONS[number]
    if number == 1:
        # No district of the sample is behind on fibre; one is on smartphones.
        with night.released() as connection:
            connection.execute(sql)
        sql = sql.replace("'fibre'", "'smartphones'")
    with night.released() as connection:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    wanted = ANSWERS.get(number, {"admin_unit_name": "huyện Vĩnh Lộc", "gap_to_target": -5})
    assert any(all(row[name] == value for name, value in wanted.items()) for row in rows), rows[:5]


def test_the_past_is_smaller_than_the_present(night: Night) -> None:
    """Question 2 on a day before the last plan came shows less than on the last day."""
    with night.released() as connection:
        counts = [
            len(connection.execute(QUESTIONS[2].replace("2026-10-01", day)).fetchall())
            for day in ("2026-09-30", "2026-10-01")
        ]
    assert counts[0] < counts[1]
