"""Checks that stop the night: the contract of each table, and that nothing is lost on the way."""

from __future__ import annotations

from typing import Any

import dagster as dg
import polars as pl

from pipelines.defs.presentation import table
from pipelines.night import Balance, document_balance, read_stage, statement_balance
from pipelines.settings import get_settings
from schemas.contract import Contract
from schemas.frames import StructuralError, columns, validated
from schemas.tables import NIGHT_TABLES

# The asset that hands each table over last, so that the check sees what will be loaded.
HANDED_OVER_BY = {
    "documents": "facts",
    "statements": "facts",
    "facts": "facts",
    "unmatched": "unmatched",
    "rejects": "rejects",
}


def contract_check(name: str, model: type[Contract]) -> dg.AssetChecksDefinition:
    """A blocking check of one table against its contract."""

    @dg.asset_check(
        asset=HANDED_OVER_BY[name],
        name=f"{name}_keep_their_contract",
        description=f"Every row handed over for raw.{name} keeps its contract.",
        blocking=True,
    )
    def check() -> dg.AssetCheckResult:
        frame = read_stage(get_settings(), name)
        expected = {column.name: column.duckdb_type for column in columns(model)}
        metadata: dict[str, Any] = {
            "expected": dg.MetadataValue.json(expected),
            "observed": dg.MetadataValue.json({column: str(dtype) for column, dtype in frame.schema.items()}),
            "rows": frame.height,
        }
        try:
            outcome = validated(frame, model)
        except StructuralError as error:
            return dg.AssetCheckResult(passed=False, description=str(error), metadata=metadata)
        failing = pl.DataFrame([failure.__dict__ for failure in outcome.failures])
        sentence = f"raw.{name}: {outcome.bad.height} rows do not keep their contract."
        return dg.AssetCheckResult(
            passed=not outcome.failures,
            description=None
            if not outcome.failures
            else f"{sentence} The first: {outcome.failures[0].sentence()}.",
            metadata=metadata | {"failing_rows": outcome.bad.height, "failures": table(failing)},
        )

    return check


def _result(balance: Balance) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=balance.holds,
        description=None if balance.holds else balance.sentence(),
        metadata={
            "expected": balance.expected,
            "observed": balance.observed,
            "parts": dg.MetadataValue.json(balance.parts),
        },
    )


@dg.asset_check(asset="facts", blocking=True)
def no_statement_is_lost() -> dg.AssetCheckResult:
    """Statements = facts + statements behind unmatched labels + rejected statements."""
    return _result(statement_balance(get_settings()))


@dg.asset_check(asset="rejects", blocking=True)
def no_document_is_lost() -> dg.AssetCheckResult:
    """Files in the raw folder = documents read + files rejected."""
    return _result(document_balance(get_settings()))


contract_checks = [contract_check(name, model) for name, model in NIGHT_TABLES.items()]
