"""Types and validation of frames, derived from the contracts: the one module here that computes.

Nothing about single tables belongs here.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass

import pandera.errors
import polars as pl

from schemas.contract import Contract
from schemas.reasons import reason_sentence

Model = type[Contract]

# Checks whose failure says that the frame is built wrongly, not that a row is bad.
STRUCTURAL_CHECKS = ("column_in_schema", "column_in_dataframe", "dtype(")


class StructuralError(ValueError):
    """A frame lacks a column, has one too many, or holds the wrong type: the night must stop."""


@dataclass(frozen=True)
class Column:
    """One column of a raw table, as DuckDB and a person need it."""

    name: str
    dtype: pl.DataType
    nullable: bool
    description: str

    @property
    def duckdb_type(self) -> str:
        """The type as DuckDB's DDL spells it."""
        return duckdb_type(self.dtype)


@dataclass(frozen=True)
class Failure:
    """One value or row that breaks a contract. ``column`` is null where the whole row does."""

    row: int
    column: str | None
    check: str
    found: str

    def sentence(self) -> str:
        """What was expected and what was found, for the reject."""
        if self.column is None:
            return f"{self.check} expected"
        return f"{self.column} is {self.found!r}, {self.check} expected"


@dataclass(frozen=True)
class Validated:
    """A frame split by its contract; ``good`` and ``bad`` together are the frame."""

    good: pl.DataFrame
    bad: pl.DataFrame
    rejects: pl.DataFrame
    failures: list[Failure]


def duckdb_type(dtype: pl.DataType) -> str:
    """The DuckDB type of a polars type.

    >>> duckdb_type(pl.Int32()), duckdb_type(pl.String())
    ('INTEGER', 'TEXT')
    """
    match dtype:
        case pl.String():
            return "TEXT"
        case pl.Int32():
            return "INTEGER"
        case pl.Int64():
            return "BIGINT"
        case pl.Float64():
            return "DOUBLE"
        case pl.Boolean():
            return "BOOLEAN"
        case pl.Date():
            return "DATE"
        case pl.Datetime():
            return "TIMESTAMP"
        case _:
            sentence = f"No DuckDB type is set for the polars type {dtype}."
            raise StructuralError(sentence)


def columns(model: Model) -> list[Column]:
    """The columns of a contract, in the order of the table."""
    declared = model.to_schema().columns
    # pl.Schema makes instances of the types that the contract names as classes.
    types = pl.Schema({name: column.dtype.type for name, column in declared.items()})
    return [
        Column(name, types[name], bool(column.nullable), column.description or "")
        for name, column in declared.items()
    ]


def keys(model: Model) -> list[tuple[str, ...]]:
    """The sets of columns that tell the rows of a table apart, single columns first."""
    schema = model.to_schema()
    single = [(str(column),) for column, rule in schema.columns.items() if rule.unique]
    together = [tuple(map(str, schema.unique))] if schema.unique else []
    return single + together


def polars_schema(model: Model) -> pl.Schema:
    """Column names and polars types, for building a frame that keeps the contract."""
    return pl.Schema({column.name: column.dtype for column in columns(model)})


def empty_frame(model: Model) -> pl.DataFrame:
    """A frame without rows that keeps the contract."""
    return pl.DataFrame(schema=polars_schema(model))


def table_description(model: Model) -> str:
    """The docstring of a contract as one paragraph a line, grain first."""
    paragraphs = (model.__doc__ or "").strip().split("\n\n")
    return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def table_name(model: Model) -> str:
    """The raw table of a contract.

    >>> from schemas.released_cells import ReleasedCells
    >>> table_name(ReleasedCells)
    'released_cells'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", model.__name__).lower()


def conformed(frame: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The frame in the column order of the contract, with harmless differences of type removed.

    Harmless are a column of nothing but nulls, another width of integer, another unit of time and
    integers for a float. Raises ``StructuralError`` for a missing or extra column and for any
    other difference of type.
    """
    wanted = polars_schema(model)
    name = table_name(model)
    missing = [column for column in wanted if column not in frame.columns]
    extra = [column for column in frame.columns if column not in wanted]
    if missing or extra:
        parts = []
        if missing:
            parts.append("lacks the columns " + ", ".join(missing))
        if extra:
            parts.append("has columns its contract does not know: " + ", ".join(extra))
        sentence = f"The table {name} {' and '.join(parts)}."
        raise StructuralError(sentence)
    casts = []
    for column, dtype in wanted.items():
        found = frame.schema[column]
        if found == dtype:
            casts.append(pl.col(column))
        elif _is_harmless(found, dtype):
            casts.append(pl.col(column).cast(dtype))
        else:
            sentence = f"The column {name}.{column} holds {found} where its contract says {dtype}."
            raise StructuralError(sentence)
    try:
        return frame.select(casts)
    except pl.exceptions.InvalidOperationError as error:
        first = str(error).splitlines()[0]
        sentence = f"A number of the table {name} does not fit its column: {first}."
        raise StructuralError(sentence) from error


def _is_harmless(found: pl.DataType, wanted: pl.DataType) -> bool:
    if found == pl.Null:
        return True
    if wanted.is_integer() or wanted.is_float():
        return found.is_integer() or (found.is_float() and wanted.is_float())
    if isinstance(wanted, pl.Datetime) and isinstance(found, pl.Datetime):
        return found.time_zone == wanted.time_zone
    return False


def validated(frame: pl.DataFrame, model: Model) -> Validated:
    """Split a frame into the rows that keep the contract and those that do not.

    Each bad row gives one reject (reason_code ``contract_failed``) that names its failing columns.
    Of rows with the same key all but the first are bad. Raises ``StructuralError`` where the frame
    itself is built wrongly; value checks run on the eager frame, all of them at once.
    """
    frame = conformed(frame, model)
    try:
        model.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        failures = _failures(frame, model, error.failure_cases)
    else:
        failures = []
    bad_rows = sorted({failure.row for failure in failures})
    rows = pl.Series("row", range(frame.height), dtype=pl.Int64)
    is_bad = rows.is_in(bad_rows)
    return Validated(
        good=frame.filter(~is_bad),
        bad=frame.filter(is_bad),
        rejects=_contract_rejects(frame, model, failures),
        failures=failures,
    )


def _failures(frame: pl.DataFrame, model: Model, cases: pl.DataFrame) -> list[Failure]:
    name = table_name(model)
    failures: set[Failure] = set()
    for case in cases.iter_rows(named=True):
        check = str(case["check"])
        if check.startswith(STRUCTURAL_CHECKS):
            sentence = f"The column {name}.{case['column']} breaks its contract: {check}."
            raise StructuralError(sentence)
        column = case["column"] if case["column"] in frame.columns else None
        if "unique" in check:
            continue
        if case["index"] is None:
            sentence = f"The table {name} breaks its contract as a whole: {check}."
            raise StructuralError(sentence)
        failures.add(Failure(int(case["index"]), column, check, str(case["failure_case"]) if column else ""))
    for key in keys(model):
        repeated = frame.select(~pl.struct(key).is_first_distinct()).to_series()
        found = ", ".join(key)
        for row in repeated.arg_true().to_list():
            only = key[0] if len(key) == 1 else None
            value = str(frame.item(row, only)) if only else ""
            failures.add(Failure(row, only, f"another {found} than in the rows before", value))
    return sorted(failures, key=lambda failure: (failure.row, failure.column or "", failure.check))


def _contract_rejects(frame: pl.DataFrame, model: Model, failures: list[Failure]) -> pl.DataFrame:
    from schemas.rejects import Rejects

    name = table_name(model)
    level = "document" if name == "documents" else "statement"
    by_row: dict[int, list[Failure]] = {}
    for failure in failures:
        by_row.setdefault(failure.row, []).append(failure)
    rejects = []
    # Rows that cannot be told apart are counted: their place among the other rows of a night says nothing of them.
    alike: Counter[str] = Counter()
    for row_no, row_failures in by_row.items():
        row = frame.row(row_no, named=True)
        detail = "; ".join(failure.sentence() for failure in row_failures)
        identity = f"{name}|{row.get('document_id')}|{row.get('statement_id')}|{detail}"
        alike[identity] += 1
        identity = f"{identity}|{alike[identity]}"
        rejects.append(
            {
                "reject_id": hashlib.sha256(identity.encode()).hexdigest(),
                "level": level,
                "document_id": row.get("document_id"),
                "path": row.get("path"),
                "block_no": row.get("block_no"),
                "statement_id": row.get("statement_id") if level == "statement" else None,
                "reason_code": "contract_failed",
                "reason": reason_sentence("contract_failed", subject=f"raw.{name}", detail=detail),
                "quote": row.get("quote"),
            }
        )
    return pl.DataFrame(rejects, schema=polars_schema(Rejects))
