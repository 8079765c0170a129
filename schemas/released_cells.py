"""Contract of raw.released_cells."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.closed_lists import ADMIN_UNIT_LEVELS, PROGRESS_STATUSES, RELEASE_SLOTS
from schemas.contract import Contract


class ReleasedCells(Contract):
    """One row per release slot x administrative unit x indicator x year: cells of the last two releases.

    A code that two units carried in turn within one year gives two rows of the same key. Written after a release was published, so that the next night can say what changed.
    """

    release_slot: str = pa.Field(isin=RELEASE_SLOTS, description="current or previous release")
    admin_unit_code: str = pa.Field(description="code of the administrative unit")
    level: str = pa.Field(isin=ADMIN_UNIT_LEVELS, description="level of the unit")
    indicator_code: str = pa.Field(description="code of the catalog")
    year: pl.Int32 = pa.Field(description="year of the cell")
    actual_value: float = pa.Field(nullable=True, description="value that was released")
    target_value: float = pa.Field(nullable=True, description="target that was released")
    progress_status: str = pa.Field(
        nullable=True, isin=PROGRESS_STATUSES, description="verdict that was released"
    )
