"""Contracts: what they accept, what becomes a reject, what stops the night."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from schemas.closed_lists import DOCUMENT_STATUSES
from schemas.documents import Documents
from schemas.facts import Facts
from schemas.frames import (
    StructuralError,
    columns,
    conformed,
    empty_frame,
    polars_schema,
    table_description,
    validated,
)
from schemas.reasons import REASON_CODES, REASONS, reason_sentence
from schemas.rejects import Rejects
from schemas.tables import NIGHT_TABLES, RAW_TABLES

DOCUMENT_ID = "a" * 64


def fact(fact_id: str = "f1", **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {column.name: None for column in columns(Facts)}
    row |= {
        "fact_id": fact_id,
        "statement_id": fact_id,
        "document_id": DOCUMENT_ID,
        "indicator_code": "adult_smartphone_share",
        "admin_unit_code": "38",
        "admin_unit_valid_from": dt.date(2008, 8, 1),
        "admin_unit_level": "province",
        "admin_unit_name": "tỉnh Thanh Hóa",
        "year": 2025,
        "kind": "target",
        "value": 80.0,
        "unit": "percent",
        "comparator": "=",
        "approximate": False,
        "is_headline": True,
        "obs_status": "A",
        "matched_by": "alias",
        "confidence": 1.0,
        "quote": "đạt 80%",
        "block_no": 1,
        "char_start": 4,
        "char_end": 7,
    }
    return row | changes


def facts(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=polars_schema(Facts))


@pytest.mark.parametrize(("name", "model"), RAW_TABLES.items())
def test_every_table_and_column_is_described(name: str, model: Any) -> None:
    assert table_description(model).startswith("One row per "), f"raw.{name} does not give its grain first"
    assert [column.name for column in columns(model) if not column.description] == []


@pytest.mark.parametrize("model", RAW_TABLES.values())
def test_an_empty_table_keeps_its_contract(model: Any) -> None:
    assert validated(empty_frame(model), model).failures == []


def test_a_good_fact_passes() -> None:
    outcome = validated(facts(fact()), Facts)
    assert (outcome.good.height, outcome.bad.height, outcome.rejects.height) == (1, 0, 0)


@pytest.mark.parametrize("value", [0.0, 100.0, 105.48, 1000.0])
def test_a_percentage_above_100_is_suspicious_not_impossible(value: float) -> None:
    assert validated(facts(fact(value=value)), Facts).failures == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": 1000.5}, "a percentage of at most 1000"),
        ({"value": -1.0}, "value is '-1.0'"),
        ({"value": None}, "value is 'None'"),
        ({"unit": "furlong"}, "unit is 'furlong'"),
        ({"kind": "hope"}, "kind is 'hope'"),
        ({"unit": "boolean", "value": 0.5}, "yes/no as 1 or 0"),
        ({"year": 1066}, "year is '1066'"),
        ({"confidence": 1.2}, "confidence is '1.2'"),
    ],
)
def test_a_bad_fact_becomes_a_reject_that_says_why(changes: dict[str, Any], words: str) -> None:
    outcome = validated(facts(fact("f1"), fact("f2", **changes), fact("f3")), Facts)
    assert outcome.good["fact_id"].to_list() == ["f1", "f3"]
    assert outcome.bad["fact_id"].to_list() == ["f2"]
    reject = outcome.rejects.row(0, named=True)
    assert words in reject["reason"]
    assert (reject["reason_code"], reject["level"], reject["statement_id"]) == (
        "contract_failed",
        "statement",
        "f2",
    )
    assert validated(outcome.rejects, Rejects).failures == []


def test_a_reject_is_the_same_wherever_its_row_stands() -> None:
    bad = fact("f2", kind="hope")
    first, alone = validated(facts(fact("f1"), bad, bad), Facts).rejects, validated(facts(bad), Facts).rejects
    assert first["reject_id"].n_unique() == 2
    assert validated(facts(bad, fact("f3")), Facts).rejects.equals(alone)


def test_of_two_rows_with_one_key_the_second_is_rejected() -> None:
    outcome = validated(facts(fact("f1"), fact("f1", value=81.0)), Facts)
    assert outcome.good["value"].to_list() == [80.0]
    assert "another fact_id" in outcome.rejects["reason"][0]


def test_all_faults_of_a_frame_are_found_at_once() -> None:
    outcome = validated(facts(fact("f1", kind="hope", unit="furlong"), fact("f2", value=None)), Facts)
    assert [(failure.row, failure.column) for failure in outcome.failures] == [
        (0, "kind"),
        (0, "unit"),
        (1, "value"),
    ]
    assert outcome.rejects.height == 2


def test_a_missing_column_stops_the_night() -> None:
    with pytest.raises(StructuralError, match=r"facts lacks the columns value, unit\."):
        validated(facts(fact()).drop("value", "unit"), Facts)


def test_an_unknown_column_stops_the_night() -> None:
    with pytest.raises(StructuralError, match="does not know: colour"):
        validated(facts(fact()).with_columns(colour=pl.lit("red")), Facts)


def test_a_wrong_type_stops_the_night() -> None:
    with pytest.raises(StructuralError, match=r"facts\.value holds String"):
        validated(facts(fact()).with_columns(pl.col("value").cast(pl.String)), Facts)


def test_harmless_differences_of_type_are_removed() -> None:
    frame = facts(fact()).with_columns(
        pl.col("year").cast(pl.Int64), pl.col("value").cast(pl.Int64), pl.lit(None).alias("page")
    )
    assert conformed(frame, Facts).schema == polars_schema(Facts)


def test_the_order_of_columns_does_not_matter() -> None:
    frame = facts(fact())
    assert conformed(frame.select(reversed(frame.columns)), Facts).columns == frame.columns


def test_a_rejected_document_is_at_level_document() -> None:
    row: dict[str, Any] = {column.name: None for column in columns(Documents)}
    row |= {
        "document_id": DOCUMENT_ID,
        "path": "a.txt",
        "byte_count": 1,
        "received_at": dt.datetime(2026, 10, 1, 8),  # noqa: DTZ001 - the column is in Vietnamese time
        "status": "eaten",
        "block_count": 0,
        "statement_count": 0,
        "reader_version": "1",
        "extractor_version": "1",
    }
    reject = validated(pl.DataFrame([row], schema=polars_schema(Documents)), Documents).rejects.row(
        0, named=True
    )
    assert (reject["level"], reject["path"], reject["document_id"]) == ("document", "a.txt", DOCUMENT_ID)
    assert "status is 'eaten'" in reject["reason"]
    assert "eaten" not in DOCUMENT_STATUSES


@pytest.mark.parametrize("code", REASON_CODES)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_reason_is_a_sentence_with_and_without_detail(code: str, language: str) -> None:
    for detail in ("", "chi tiết"):
        sentence = reason_sentence(code, subject="a.txt", detail=detail, language=language)
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "()" not in sentence
    assert set(REASONS) == set(REASON_CODES)


def test_the_released_cells_are_not_replaced_by_a_night() -> None:
    assert set(RAW_TABLES) - set(NIGHT_TABLES) == {"released_cells"}
