"""What the stages hand over, as rows of the raw tables, and stored rows as what matching takes.

Nothing is decided here: reading, extraction and matching have done that.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from pipelines.extraction.extract import Extracted
from pipelines.extraction.statement import Statement
from pipelines.matching.catalog import AdminUnit
from pipelines.matching.indicators import IndicatorMatcher
from pipelines.matching.match import MatchedDocument
from pipelines.matching.normal_form import normal_form
from pipelines.matching.readings import Reading
from pipelines.reading.inventory import RawFile
from pipelines.reading.read import READER_VERSION
from pipelines.reading.rejection import Rejection
from schemas.reasons import reason_sentence

Row = dict[str, Any]

STATEMENT_FIELDS = tuple(field.name for field in fields(Statement))
# A figure of a part of the whole stays out of the marts, unless the part is a row with a name of its own.
HEADLINE_SEGMENT_TYPES = (None, "parent_row")
NEAREST = 3


@dataclass(frozen=True)
class MatchedRows:
    """Rows of the raw tables that one document gives."""

    statements: list[Row]
    facts: list[Row]
    rejects: list[Row]
    unmatched: list[Row]


def identity(*parts: object) -> str:
    """A stable identity: SHA-256 over its parts, in hexadecimal."""
    return hashlib.sha256(
        "\x1f".join("" if part is None else str(part) for part in parts).encode()
    ).hexdigest()


def document_row(extracted: Extracted, received_at: datetime, extractor: str) -> Row:
    """A document that was read by this version of extraction; its administrative unit comes with matching."""
    document, header, sidecar = extracted.document, extracted.header, extracted.document.file.sidecar
    return {
        "document_id": document.file.document_id,
        "path": document.file.path,
        "file_format": document.file_format,
        "byte_count": document.file.byte_count,
        "document_type": header.document_type,
        "issuer": header.issuer,
        "document_number": header.document_number,
        "title": header.title,
        "issued_on": header.issued_on,
        "source_url": sidecar.source_url,
        "reference_year": header.reference_year,
        "place_text": header.place_text,
        "received_at": received_at,
        "status": "read",
        "adjusts_document_number": sidecar.adjusts_document_number,
        "block_count": len(document.blocks),
        "statement_count": len(extracted.statements),
        "reader_version": READER_VERSION,
        "extractor_version": extractor,
        "sidecar_id": sidecar.sidecar_id,
    }


def rejected_document_row(file: RawFile, received_at: datetime, extractor: str) -> Row:
    """A document that could not be read: what is known without opening it."""
    sidecar = file.sidecar
    return {
        "document_id": file.document_id,
        "path": file.path,
        "byte_count": file.byte_count,
        "document_type": sidecar.document_type,
        "issuer": sidecar.issuer,
        "document_number": sidecar.document_number,
        "title": sidecar.title,
        "issued_on": sidecar.issued_on,
        "source_url": sidecar.source_url,
        "reference_year": sidecar.reference_year,
        "place_text": sidecar.admin_unit,
        "received_at": received_at,
        "status": "rejected",
        "adjusts_document_number": sidecar.adjusts_document_number,
        "block_count": 0,
        "statement_count": 0,
        "reader_version": READER_VERSION,
        "extractor_version": extractor,
        "sidecar_id": sidecar.sidecar_id,
    }


def statement_rows(document_id: str, statements: Iterable[Statement]) -> list[Row]:
    """Statements as extraction found them, before matching."""
    seen: Counter[tuple[object, ...]] = Counter()
    rows = []
    for statement in statements:
        place = (
            statement.block_no,
            statement.char_start,
            statement.char_end,
            statement.table_row,
            statement.table_column,
            statement.value_text,
            statement.label,
        )
        statement_id = identity(document_id, *place, seen[place])
        seen[place] += 1
        row = {name: getattr(statement, name) for name in STATEMENT_FIELDS}
        rows.append(
            row
            | {
                "statement_id": statement_id,
                "document_id": document_id,
                "label_key": normal_form(statement.label),
            }
        )
    return rows


def statement_of(row: Mapping[str, Any]) -> Statement:
    """A stored statement as matching takes it."""
    return Statement(**{name: row[name] for name in STATEMENT_FIELDS})


def admin_unit_fields(unit: AdminUnit | None) -> Row:
    """The columns by which a table names an administrative unit."""
    return {
        "admin_unit_code": unit.code if unit else None,
        "admin_unit_valid_from": unit.valid_from if unit else None,
        "admin_unit_level": unit.level if unit else None,
        "admin_unit_name": unit.name if unit else None,
    }


def matched_rows(
    path: str,
    rows: Sequence[Row],
    statements: Sequence[Statement],
    matched: MatchedDocument,
    confidence_bar: float,
) -> MatchedRows:
    """Rows of one document's readings.

    ``rows`` are the statements as stored, ``statements`` the same as handed to matching. A second
    reading of the same statement shares its value, and is a statement of its own, named after it.
    """
    result = MatchedRows([], [], [], [])
    position_of = {id(statement): position for position, statement in enumerate(statements)}
    position, repeats = -1, 0
    before: Statement | None = None
    for reading in matched.readings:
        if reading.statement is before:
            repeats += 1
        else:
            # Matching may replace a statement by one of another unit, which then follows in order.
            position, repeats = position_of.get(id(reading.statement), position + 1), 0
            before = reading.statement
        row = dict(rows[position])
        if repeats:
            row["shares_value_with"] = row["statement_id"]
            row["statement_id"] = identity(row["statement_id"], repeats)
        outcome, code, detail = outcome_of(reading)
        row["outcome"] = outcome
        result.statements.append(row)
        if outcome == "fact":
            result.facts.append(fact_row(row, reading, confidence_bar))
        elif outcome == "unmatched":
            result.unmatched.append(row)
        else:
            result.rejects.append(statement_reject_row(path, row, code or "not_a_level", detail))
    return result


def outcome_of(reading: Reading) -> tuple[str, str | None, str]:
    """(outcome, reason code, detail) of a reading; without a unit there is no fact."""
    if reading.outcome == "fact" and reading.unit is None:
        return "reject", "place_unknown", "the document does not name its own place"
    return reading.outcome, reading.reason_code, reading.detail


def fact_row(row: Row, reading: Reading, confidence_bar: float) -> Row:
    """A recognised figure; without confidence enough it waits for review with status V."""
    statement, match = reading.statement, reading.match
    confidence = match.confidence if match else 0.0
    is_sure = confidence >= confidence_bar
    return {
        "fact_id": row["statement_id"],
        "statement_id": row["statement_id"],
        "document_id": row["document_id"],
        "indicator_code": match.code if match else None,
        **admin_unit_fields(reading.unit),
        "year": statement.year,
        "as_of": statement.as_of,
        "kind": statement.kind,
        "value": statement.value,
        "value_max": statement.value_max,
        "unit": statement.unit,
        "numerator": statement.numerator,
        "denominator": statement.denominator,
        "comparator": statement.comparator,
        "approximate": statement.approximate,
        "segment": reading.segment,
        "segment_type": reading.segment_type,
        "is_headline": is_sure
        and statement.year is not None
        and reading.segment_type in HEADLINE_SEGMENT_TYPES,
        "obs_status": statement.obs_status if is_sure else "V",
        "matched_by": match.matched_by if match else None,
        "confidence": confidence,
        "year_basis": statement.year_basis,
        "kind_basis": statement.kind_basis,
        "place_basis": reading.place_basis,
        **{
            name: row[name]
            for name in (
                "label",
                "quote",
                "block_no",
                "char_start",
                "char_end",
                "page",
                "table_no",
                "table_row",
                "table_column",
            )
        },
    }


def statement_reject_row(path: str, row: Row, code: str, detail: str) -> Row:
    """A statement that cannot be used, with its reason."""
    return {
        "reject_id": identity(row["statement_id"], code),
        "level": "statement",
        "document_id": row["document_id"],
        "path": path,
        "block_no": row["block_no"],
        "statement_id": row["statement_id"],
        "reason_code": code,
        "reason": reason_sentence(code, subject=path, detail=detail),
        "quote": row["quote"],
    }


def rejection_row(rejection: Rejection) -> Row:
    """A document or block that reading could not use."""
    return {
        "reject_id": identity(
            rejection.path, rejection.document_id, rejection.reason_code, rejection.block_no, rejection.quote
        ),
        "level": "document" if rejection.block_no is None else "block",
        "document_id": rejection.document_id,
        "path": rejection.path,
        "block_no": rejection.block_no,
        "reason_code": rejection.reason_code,
        "reason": rejection.reason,
        "quote": rejection.quote,
    }


def unmatched_rows(rows: Iterable[Row], indicators: IndicatorMatcher) -> list[Row]:
    """One row per distinct label that was not recognised, with the indicators that come nearest."""
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row["label_key"]].append(row)
    result = []
    for key, group in sorted(by_key.items()):
        labels = Counter(row["label"] for row in group)
        label = min(labels, key=lambda text: (-labels[text], text))
        sample = min(
            group,
            key=lambda row: (row["document_id"], row["block_no"], row["char_start"], row["statement_id"]),
        )
        nearest = indicators.nearest(label, NEAREST)
        codes = [code for code, _ in nearest] + [None] * NEAREST
        result.append(
            {
                "label_key": key,
                "label": label,
                "statement_count": len(group),
                "document_count": len({row["document_id"] for row in group}),
                "units": ",".join(sorted({row["unit"] for row in group if row["unit"]})),
                "sample_quote": sample["quote"],
                "sample_document_id": sample["document_id"],
                **{f"nearest_indicator_{number + 1}": codes[number] for number in range(NEAREST)},
                "nearest_score": nearest[0][1] if nearest else None,
            }
        )
    return result
