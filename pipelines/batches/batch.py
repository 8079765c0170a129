"""What goes to a worker and comes back: frames by name, and the place that a worker works in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.batches.rows import Row, rejection_row
from pipelines.reading.limits import Limits
from pipelines.reading.rejection import Rejection

Batch = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Place:
    """Where a worker finds documents and catalog, what a document may cost, and the shapes of what it hands over.

    `documents_url` is set where workers do not share the raw folder: an fsspec address to take documents from.
    `catalog` is the fingerprint of the catalog: while it stays the same, a worker keeps what it made from it.
    `shapes` are the columns and types of the raw tables, by their names. `is_spread` says that there are several
    workers, each of which reads one document at a time.
    """

    raw_dir: Path
    seeds_dir: Path
    documents_url: str
    limits: Limits
    catalog: str
    shapes: Mapping[str, pl.Schema]
    is_spread: bool


def frame_of(rows: Sequence[Row], shape: pl.Schema) -> pl.DataFrame:
    """Rows as a frame of this shape, column by column; what a row does not name is null."""
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in shape}, schema=shape)


def rejects_frame(rejections: Sequence[Rejection], shape: pl.Schema) -> pl.DataFrame:
    """Documents and blocks that could not be used, as rows of raw.rejects."""
    return frame_of([rejection_row(rejection) for rejection in rejections], shape)
