"""A document or block that cannot be used, with its reason; the row of raw.rejects is made from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rejection:
    """`reason_code` is one of schemas.rejects.REASON_CODES, `reason` a sentence for a person."""

    path: str
    document_id: str | None
    reason_code: str
    reason: str
    block_no: int | None = None
    quote: str | None = None
