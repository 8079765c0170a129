"""Contract of raw.documents."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pandera.polars as pa
import polars as pl

from schemas.closed_lists import ADMIN_UNIT_LEVELS, DOCUMENT_STATUSES, DOCUMENT_TYPES, FILE_FORMATS
from schemas.contract import Contract


class Documents(Contract):
    """One row per document, that is per content: two files with the same bytes are one document.

    Rejected documents stay in the table with status 'rejected', so that documents = read + rejected.
    What the sidecar says comes before what the file says; the sources seldom state everything.
    """

    document_id: str = pa.Field(
        unique=True, str_matches=r"^[0-9a-f]{64}$", description="SHA-256 of the bytes, in hexadecimal"
    )
    path: str = pa.Field(
        str_length={"min_value": 1}, description="path below the raw folder, with forward slashes"
    )
    file_format: str = pa.Field(
        nullable=True, isin=FILE_FORMATS, description="text or html; null when not recognised"
    )
    byte_count: int = pa.Field(ge=0, description="size of the file in bytes")
    document_type: str = pa.Field(
        nullable=True, isin=DOCUMENT_TYPES, description="plan, report, decision, news, table or other"
    )
    issuer: str = pa.Field(nullable=True, description="who issued the document, as printed")
    document_number: str = pa.Field(nullable=True, description="number and symbol, such as 225/KH-UBND")
    title: str = pa.Field(nullable=True, description="title as printed")
    issued_on: dt.date = pa.Field(
        nullable=True, description="date of issue; null when neither file nor sidecar says"
    )
    source_url: str = pa.Field(nullable=True, description="address the document was taken from")
    reference_year: pl.Int32 = pa.Field(
        nullable=True, ge=1990, le=2100, description="year that 'hiện nay' means; null when unknown"
    )
    admin_unit_code: str = pa.Field(
        nullable=True, description="code of the place the document is about by default"
    )
    admin_unit_valid_from: dt.date = pa.Field(
        nullable=True, description="first day of the unit meant: codes are reused after mergers"
    )
    admin_unit_level: str = pa.Field(
        nullable=True, isin=ADMIN_UNIT_LEVELS, description="level of the default place"
    )
    admin_unit_name: str = pa.Field(nullable=True, description="official name of the default place")
    place_text: str = pa.Field(
        nullable=True,
        description="words in which the default place is looked for: the sidecar's, or title and first lines",
    )
    received_at: Annotated[pl.Datetime, "us", None] = pa.Field(
        description="when the document was first seen, in Vietnamese time (UTC+7); from the sidecar if it says"
    )
    status: str = pa.Field(isin=DOCUMENT_STATUSES, description="read or rejected")
    adjusts_document_number: str = pa.Field(
        nullable=True, description="number of the plan that this one adjusts"
    )
    block_count: pl.Int32 = pa.Field(ge=0, description="blocks read from the file")
    statement_count: pl.Int32 = pa.Field(ge=0, description="statements found in the blocks")
    reader_version: str = pa.Field(description="version of the reading rules that produced the blocks")
    extractor_version: str = pa.Field(
        description="version of the extraction rules that produced the statements, and of the spellings of units"
    )
    sidecar_id: str = pa.Field(
        nullable=True,
        str_matches=r"^[0-9a-f]{64}$",
        description="SHA-256 of the sidecar's bytes; null without one",
    )
    withdrawn_at: Annotated[pl.Datetime, "us", None] = pa.Field(
        nullable=True,
        description="when the file was first missing from the raw folder, in Vietnamese time; null while it is there",
    )
