"""What must balance in every night: nothing is lost between the raw folder and the warehouse."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.night.handover import read_stage
from pipelines.settings import Settings


@dataclass(frozen=True)
class Balance:
    """What went in and what came out; nothing may be lost between."""

    what: str
    expected: int
    observed: int
    parts: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing came from nowhere."""
        return self.expected == self.observed

    def sentence(self) -> str:
        """The balance in words, for when it does not hold."""
        parts = ", ".join(f"{count} {name}" for name, count in self.parts.items())
        return f"{self.what}: {self.expected} went in and {self.observed} came out ({parts})."


def statement_balance(settings: Settings) -> Balance:
    """Statements = facts + unmatched statements + rejected statements, of the documents that the night touched."""
    statements = read_stage(settings, "statements")
    parts = {
        "facts": read_stage(settings, "facts").height,
        "unmatched": statements.filter(outcome="unmatched").height,
        "rejected": read_stage(settings, "rejects").filter(level="statement").height,
    }
    return Balance("Statements", statements.height, sum(parts.values()), parts)


def document_balance(settings: Settings) -> Balance:
    """Files in the raw folder = those whose document is stored as read + those rejected."""
    inventory = read_stage(settings, "inventory")
    read = read_stage(settings, "documents").filter(status="read")
    rejected_paths = read_stage(settings, "rejects").filter(level="document")["path"].unique()
    is_read = (pl.col("stored_status") == "read").fill_null(value=False) | pl.col("document_id").is_in(
        read["document_id"].implode()
    )
    is_rejected = pl.col("path").is_in(rejected_paths.implode())
    parts = {
        "read": inventory.filter((pl.col("status") != "rejected") & is_read & ~is_rejected).height,
        "rejected": inventory.filter(is_rejected).height,
    }
    return Balance("Files", inventory.height, sum(parts.values()), parts)
