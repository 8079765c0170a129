"""What analysts ask of a released file: medians over many askings on one open connection. Called by ``marts``."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import duckdb

from benchmarks.results import Result

ASKINGS = 21
LIMIT_MS = 50.0
QUESTIONS = {
    "a province's scorecard of one year": """
        select indicator_code, indicator_name_vi, actual_value, target_value, progress_status
        from marts.mart_province_indicator_yearly
        where admin_unit_code = '38' and year = 2023
        order by indicator_code""",
    "an indicator across all districts": """
        select province_name, admin_unit_name, actual_value, target_value, progress_status
        from marts.mart_district_indicator_yearly
        where indicator_code = 'households_fiber_share' and year = 2023
        order by actual_value desc""",
    "as_of: a province as known on a day": """
        select indicator_code, year, actual_value, target_value
        from marts.as_of(date '2023-06-30')
        where admin_unit_code = '38' and level = 'province'
        order by indicator_code, year""",
    "as_of: an indicator in every province as known on a day": """
        select admin_unit_name, year, actual_value, target_value
        from marts.as_of(date '2023-06-30')
        where indicator_code = 'households_fiber_share' and level = 'province'
        order by admin_unit_name, year""",
}


def asked(database: Path, told: str) -> list[Result]:
    """Median milliseconds of each question on a released database."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            Result(f"{told}: {question}", _median_ms(connection, sql), "ms", at_most=LIMIT_MS)
            for question, sql in QUESTIONS.items()
        ]


def _median_ms(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    times = []
    for _ in range(ASKINGS):
        began = time.perf_counter()
        rows = connection.execute(sql).fetchall()
        times.append((time.perf_counter() - began) * 1000)
        if not rows:
            sentence = f"The released database has no answer to: {' '.join(sql.split())}"
            raise ValueError(sentence)
    return statistics.median(times)
