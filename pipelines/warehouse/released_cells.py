"""raw.released_cells: the cells of the last two distinct releases, by which the next night says what changed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

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
from schemas.frames import conformed, empty_frame
from schemas.released_cells import ReleasedCells

YEARLY_MARTS = (
    ("province", "mart_province_indicator_yearly"),
    ("district", "mart_district_indicator_yearly"),
    ("commune", "mart_commune_indicator_yearly"),
)


def mart_cells(warehouse: Path) -> pl.DataFrame:
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


def rotate_released_cells(warehouse: Path) -> bool:
    """Move the slots on after a release; returns whether anything moved."""
    stored = read_released_cells(warehouse)
    slots = rotated(stored, mart_cells(warehouse))
    if slots is stored:
        return False
    _write(warehouse, slots)
    return True


def restore_released_cells(warehouse: Path, released: Path) -> bool:
    """Take the slots from the current release where the warehouse has none, as after an emptied work folder.

    The released database holds the slots as they were before its own release; its cells are moved in.
    """
    if not released.is_file() or read_released_cells(warehouse).height:
        return False
    try:
        slots = rotated(read_released_cells(released), mart_cells(released))
    except WarehouseError:
        return False
    _write(warehouse, slots if slots.height else empty_frame(ReleasedCells))
    return True


def _write(warehouse: Path, slots: pl.DataFrame) -> None:
    with connect(warehouse) as connection:
        try:
            with transaction(connection):
                ensure_table(connection, "released_cells", ReleasedCells)
                replace_rows(connection, "released_cells", slots)
        except duckdb.Error as error:
            sentence = f"{warehouse}: the released cells could not be stored ({first_line(error)})."
            raise WarehouseError(sentence) from error
