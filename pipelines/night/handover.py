"""What passes from stage to stage, one Parquet file each, whole or not at all; and from release to night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from pipelines.night.errors import StageError
from pipelines.release.database import DATABASE
from pipelines.settings import Settings


def write_stage(settings: Settings, name: str, frame: pl.DataFrame) -> None:
    """Keep the frame of a stage for the stages after it; whole or not at all."""
    settings.stages_dir.mkdir(parents=True, exist_ok=True)
    target = stage_path(settings, name)
    part = target.with_suffix(".part")
    try:
        frame.write_parquet(part)
    except pl.exceptions.PolarsError as error:
        part.unlink(missing_ok=True)
        said = " ".join(str(error).split())[:160]
        sentence = f"{target}: it cannot be written ({said}); free space on the disk or mend the permissions, and run again."
        raise StageError(sentence) from error
    part.replace(target)


def read_stage(settings: Settings, name: str) -> pl.DataFrame:
    """The frame that a stage left. Raises ``StageError`` where it has not run yet."""
    path = stage_path(settings, name)
    if not path.is_file():
        sentence = f"{path}: the stage before this one left no {name}; run the nightly from its start."
        raise StageError(sentence)
    return pl.read_parquet(path)


def stage_path(settings: Settings, name: str) -> Path:
    """The Parquet file of a stage."""
    return settings.stages_dir / f"{name}.parquet"


def concatenated(
    parts: Iterable[Mapping[str, pl.DataFrame]], empty: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The frames of all parts, one below the other; a part may lack a frame."""
    gathered: dict[str, list[pl.DataFrame]] = {name: [frame] for name, frame in empty.items()}
    for part in parts:
        for name, frame in part.items():
            gathered[name].append(frame)
    return {name: pl.concat(frames) for name, frames in gathered.items()}


def released_database(settings: Settings) -> Path:
    """The database that readers have open."""
    return settings.current_release / DATABASE


def unfinished_mark(settings: Settings) -> Path:
    """A file that is there from the beginning of a night to its good end: one that is found was left by a night that failed."""
    return settings.work_dir / "night.unfinished"
