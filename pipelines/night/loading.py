"""The loading stage: the tables of the night into the warehouse, in one transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import polars as pl

from pipelines.night.handover import read_stage, released_database, stage_path
from pipelines.night.inventory import night_time
from pipelines.night.versions import matched_with
from pipelines.reading.limits import current_limits
from pipelines.settings import Location, Settings
from pipelines.warehouse.connection import connect, exists, fetch_frame, has_table, transaction
from pipelines.warehouse.load import Touched, fact_changes, load_night, table_rows
from pipelines.warehouse.memory import LATEST_NIGHT, MATCHED_WITH, RAW_VERSION, READ_WITHIN, remember
from pipelines.warehouse.released_cells import follow_released_cells
from pipelines.warehouse.state import stored_document_rejects
from schemas.tables import NIGHT_TABLES


@dataclass(frozen=True)
class Loaded:
    """Rows of each raw table, and how the facts differ from those of the night before."""

    rows: dict[str, int]
    new_facts: int
    gone_facts: int


def load_warehouse(settings: Settings) -> Loaded:
    """Load what the night touched in one transaction, and compare its facts with those before.

    Where it touched nothing, no raw table is written; only the files are remembered as they are now.
    """
    documents = pl.concat(
        [read_stage(settings, "documents").select("document_id"), read_stage(settings, "gone")]
    )
    touched = Touched(documents, read_stage(settings, "labels"))
    seen = read_stage(settings, "seen")
    marks = {
        MATCHED_WITH: matched_with(settings),
        READ_WITHIN: str(current_limits()),
        LATEST_NIGHT: night_time(settings).isoformat(),
    }
    warehouse = settings.warehouse
    new = gone = 0
    if documents.height or _rejects_differ(settings):
        new, gone = fact_changes(warehouse, stage_path(settings, "facts"), documents)
        marks[RAW_VERSION] = uuid.uuid4().hex
        load_night(
            warehouse,
            {name: stage_path(settings, name) for name in NIGHT_TABLES},
            touched,
            also=lambda connection: remember(connection, seen, marks),
        )
    else:
        with connect(warehouse) as connection, transaction(connection):
            remember(connection, seen, marks)
    follow_released_cells(warehouse, released_database(settings))
    return Loaded(table_rows(warehouse), new_facts=new, gone_facts=gone)


def _rejects_differ(settings: Settings) -> bool:
    """Whether other documents are rejected, or for other reasons, than the warehouse says."""
    now = read_stage(settings, "rejects").filter(level="document").sort("reject_id")
    return not now.equals(stored_document_rejects(settings.warehouse).sort("reject_id"))


def stored_fact_ids(warehouse: Location) -> set[str]:
    """The facts that the warehouse holds now; none where there is no warehouse yet."""
    if not exists(warehouse):
        return set()
    with connect(warehouse, read_only=True) as connection:
        if not has_table(connection, "raw", "facts"):
            return set()
        return set(fetch_frame(connection, "select fact_id from raw.facts").to_series().to_list())
