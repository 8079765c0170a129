"""Contract of raw.rejects."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.closed_lists import REJECT_LEVELS
from schemas.contract import Contract
from schemas.reasons import REASON_CODES


class Rejects(Contract):
    """One row per document, block or statement that cannot be used, with the reason.

    A duplicate file is rejected at document level though its content is read once, under the
    path that comes first.
    """

    reject_id: str = pa.Field(
        unique=True, str_length={"min_value": 1}, description="stable identity of the reject"
    )
    level: str = pa.Field(isin=REJECT_LEVELS, description="document, block or statement")
    document_id: str = pa.Field(
        nullable=True, description="the document; null when its bytes could not be read"
    )
    path: str = pa.Field(nullable=True, description="path below the raw folder")
    block_no: pl.Int32 = pa.Field(nullable=True, ge=0, description="block of the document, in reading order")
    statement_id: str = pa.Field(nullable=True, description="the statement, at level statement")
    reason_code: str = pa.Field(isin=REASON_CODES, description="code of the closed list of reasons")
    reason: str = pa.Field(str_length={"min_value": 1}, description="one sentence for a person")
    quote: str = pa.Field(nullable=True, description="the words concerned")
