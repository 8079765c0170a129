"""The checks that stop the night, on stage files that are wrong on purpose."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines import night
from pipelines.settings import Settings
from schemas.frames import empty_frame
from schemas.tables import NIGHT_TABLES

FACT = {
    "fact_id": "f1",
    "statement_id": "f1",
    "document_id": "a" * 64,
    "indicator_code": "bts_4g_count",
    "admin_unit_code": "38",
    "admin_unit_level": "province",
    "admin_unit_name": "tỉnh Thanh Hóa",
    "kind": "actual",
    "value": 149.0,
    "unit": "count",
    "comparator": "=",
    "approximate": False,
    "is_headline": True,
    "obs_status": "A",
    "matched_by": "alias",
    "confidence": 1.0,
    "quote": "149 trạm",
    "block_no": 1,
    "char_start": 0,
    "char_end": 8,
}


@pytest.fixture
def stages(empty_folders: Settings) -> Settings:
    """Stage files of a night without any document."""
    for name, model in NIGHT_TABLES.items():
        night.write_stage(empty_folders, name, empty_frame(model))
    night.write_stage(empty_folders, "inventory", pl.DataFrame(schema=night.INVENTORY))
    return empty_folders


def contract_result(name: str) -> object:
    from pipelines.defs.checks import contract_checks

    (check,) = (check for check in contract_checks if check.check_key.name.startswith(f"{name}_"))
    return check()


@pytest.mark.parametrize("name", NIGHT_TABLES)
def test_an_empty_table_passes(stages: Settings, name: str) -> None:
    result = contract_result(name)
    assert result.passed  # type: ignore[attr-defined]
    assert {"expected", "observed", "rows"} <= set(result.metadata)  # type: ignore[attr-defined]


def test_a_row_outside_its_contract_fails_the_check(stages: Settings) -> None:
    frame = pl.concat([empty_frame(NIGHT_TABLES["facts"]), pl.DataFrame([FACT])], how="diagonal_relaxed")
    night.write_stage(stages, "facts", frame)
    result = contract_result("facts")
    assert not result.passed  # type: ignore[attr-defined]
    assert "admin_unit_valid_from is 'None'" in result.description  # type: ignore[attr-defined]


def test_a_missing_column_fails_the_check(stages: Settings) -> None:
    night.write_stage(stages, "facts", empty_frame(NIGHT_TABLES["facts"]).drop("value"))
    result = contract_result("facts")
    assert not result.passed  # type: ignore[attr-defined]
    assert "lacks the columns value" in result.description  # type: ignore[attr-defined]


def test_a_lost_statement_fails_the_night(stages: Settings) -> None:
    from pipelines.defs.checks import no_statement_is_lost

    assert no_statement_is_lost().passed  # type: ignore[union-attr, call-arg]
    statements = pl.DataFrame(
        {"statement_id": ["s1"], "outcome": ["fact"]},
        schema={"statement_id": pl.String, "outcome": pl.String},
    )
    night.write_stage(stages, "statements", statements)
    result = no_statement_is_lost()
    assert not result.passed  # type: ignore[union-attr]
    assert "1 went in and 0 came out" in str(result.description)  # type: ignore[union-attr]


def test_a_lost_document_fails_the_night(stages: Settings) -> None:
    from pipelines.defs.checks import no_document_is_lost

    assert no_document_is_lost().passed  # type: ignore[union-attr, call-arg]
    row = {"path": "a.txt", "document_id": "a" * 64, "status": "new"}
    night.write_stage(stages, "inventory", pl.DataFrame([row], schema=night.INVENTORY))
    result = no_document_is_lost()
    assert not result.passed  # type: ignore[union-attr]
    assert "Files: 1 went in and 0 came out" in str(result.description)  # type: ignore[union-attr]
