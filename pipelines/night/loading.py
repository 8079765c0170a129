"""The loading stage: the tables of the night into the warehouse, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.night.handover import read_stage, released_database
from pipelines.settings import Settings
from pipelines.warehouse.connection import connect, fetch_frame, has_table
from pipelines.warehouse.load import load_night
from pipelines.warehouse.released_cells import restore_released_cells
from pipelines.warehouse.state import read_released_cells
from schemas.tables import NIGHT_TABLES


@dataclass(frozen=True)
class Loaded:
    """Rows of each raw table, and how the facts differ from those of the night before."""

    rows: dict[str, int]
    new_facts: int
    gone_facts: int


def load_warehouse(settings: Settings) -> Loaded:
    """Load the tables of the night in one transaction, and compare their facts with those before."""
    before = stored_fact_ids(settings.warehouse)
    frames = {name: read_stage(settings, name) for name in NIGHT_TABLES}
    rows = load_night(settings.warehouse, frames)
    restore_released_cells(settings.warehouse, released_database(settings))
    rows["released_cells"] = read_released_cells(settings.warehouse).height
    after = set(frames["facts"]["fact_id"].to_list())
    return Loaded(rows, new_facts=len(after - before), gone_facts=len(before - after))


def stored_fact_ids(warehouse: Path) -> set[str]:
    """The facts that the warehouse holds now; none where there is no warehouse yet."""
    if not warehouse.is_file():
        return set()
    with connect(warehouse, read_only=True) as connection:
        if not has_table(connection, "raw", "facts"):
            return set()
        return set(fetch_frame(connection, "select fact_id from raw.facts").to_series().to_list())
