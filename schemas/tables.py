"""The raw tables, in the order in which they are written: table name to contract."""

from __future__ import annotations

from schemas.contract import Contract
from schemas.documents import Documents
from schemas.facts import Facts
from schemas.rejects import Rejects
from schemas.released_cells import ReleasedCells
from schemas.statements import Statements
from schemas.unmatched import Unmatched

# Replaced whole by every night.
NIGHT_TABLES: dict[str, type[Contract]] = {
    "documents": Documents,
    "statements": Statements,
    "facts": Facts,
    "unmatched": Unmatched,
    "rejects": Rejects,
}

RAW_TABLES: dict[str, type[Contract]] = {**NIGHT_TABLES, "released_cells": ReleasedCells}
