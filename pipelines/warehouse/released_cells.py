"""raw.released_cells: the cells of the last two distinct releases, by which the next night says what changed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from pipelines.settings import Location
from pipelines.warehouse.connection import (
    WarehouseError,
    connect,
    fetch_frame,
    first_line,
    has_table,
    transaction,
)
from pipelines.warehouse.load import ensure_table, replace_rows
from pipelines.warehouse.state import read_released_cells
from schemas.frames import conformed
from schemas.released_cells import ReleasedCells

YEARLY_MARTS = (
    ("province", "mart_province_indicator_yearly"),
    ("district", "mart_district_indicator_yearly"),
    ("commune", "mart_commune_indicator_yearly"),
)


def mart_cells(warehouse: Location) -> pl.DataFrame:
    """The cells of the yearly marts, one row per unit x indicator x year, without a slot yet."""
    selects = [
        f"select admin_unit_code, '{level}' as level, indicator_code, year, actual_value, target_value, progress_status"  # noqa: S608
        f" from marts.{mart}"
        for level, mart in YEARLY_MARTS
    ]
    with connect(warehouse, read_only=True) as connection:
        missing = [mart for _, mart in YEARLY_MARTS if not has_table(connection, "marts", mart)]
        if missing:
            sentence = f"{warehouse}: the marts {', '.join(missing)} are missing; run the nightly."
            raise WarehouseError(sentence)
        return fetch_frame(connection, " union all ".join(selects) + " order by all")


def rotated(stored: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The two slots after a release of these cells: current becomes previous, the cells become current.

    Where the cells are those of the current slot already, nothing moves: a release that changed
    no cell must not make the change before it look undone.
    """
    incoming = conformed(cells.select(pl.lit("current").alias("release_slot"), pl.all()), ReleasedCells).sort(
        pl.all()
    )
    current = stored.filter(pl.col("release_slot") == "current").sort(pl.all())
    if current.equals(incoming):
        return stored
    previous = current.with_columns(pl.lit("previous").alias("release_slot"))
    return pl.concat([incoming, previous])


def follow_released_cells(warehouse: Location, released: Path) -> bool:
    """Take the slots from the release that readers follow; returns whether anything changed.

    The released database holds the slots as they were before its own release; its cells are moved in.
    So a release that was approved by day, and one that was rolled back to, are what the next night
    compares with. Without a release that can be read, the slots stay as they are.
    """
    if not released.is_file():
        return False
    try:
        slots = rotated(read_released_cells(released), mart_cells(released))
    except WarehouseError:
        return False
    if slots.sort(pl.all()).equals(read_released_cells(warehouse).sort(pl.all())):
        return False
    _write(warehouse, slots)
    return True


def _write(warehouse: Location, slots: pl.DataFrame) -> None:
    with connect(warehouse) as connection:
        try:
            with transaction(connection):
                ensure_table(connection, "released_cells", ReleasedCells)
                replace_rows(connection, "released_cells", slots)
        except duckdb.Error as error:
            sentence = f"{warehouse}: the released cells could not be stored ({first_line(error)})."
            raise WarehouseError(sentence) from error
