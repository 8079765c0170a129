"""A batch of files to blocks, and blocks to documents again. How a format is read is the business of pipelines.reading."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import get_args, get_type_hints

import polars as pl

from pipelines.batches.batch import Batch, Place, rejects_frame
from pipelines.reading.blocks import Block
from pipelines.reading.inventory import RawFile
from pipelines.reading.limits import Limits
from pipelines.reading.read import ReadDocument, read_files
from pipelines.reading.rejection import Rejection
from pipelines.reading.sidecar import Sidecar, read_sidecar, sidecar_path
from pipelines.reading.source import split_name
from pipelines.reading.worker import WorkerPool
from schemas.reasons import reason_sentence


def _polars_type(hint: object) -> pl.DataType:
    """The polars type of a field of a block or a sidecar, from its annotation."""
    names = {getattr(part, "__name__", "") for part in (hint, *get_args(hint))}
    for name, dtype in (
        ("bool", pl.Boolean()),
        ("int", pl.Int32()),
        ("float", pl.Float64()),
        ("datetime", pl.Datetime("us")),
        ("date", pl.Date()),
    ):
        if name in names:
            return dtype
    return pl.String()


# Made from the block itself, so that what a reader adds to it reaches extraction.
BLOCKS = pl.Schema(
    {"document_id": pl.String(), "block_no": pl.Int32()}
    | {name: _polars_type(hint) for name, hint in get_type_hints(Block).items()}
)
# One row per document; the sidecar as it lay beside the document when that was read.
TEXTS = pl.Schema(
    {
        "document_id": pl.String(),
        "path": pl.String(),
        "byte_count": pl.Int64(),
        "file_format": pl.String(),
        "text": pl.String(),
        "sidecar": pl.Struct({name: _polars_type(hint) for name, hint in get_type_hints(Sidecar).items()}),
    }
)


def read_batch(place: Place, batch: Batch) -> Batch:
    """Blocks, texts and rejects of the documents of a batch; runs in a worker."""
    asked = batch["documents"]
    if place.documents_url:
        with tempfile.TemporaryDirectory(prefix="hatangso-documents-") as folder:
            rejects = _fetch(place.documents_url, asked["path"].to_list(), Path(folder))
            fetched = asked.filter(~pl.col("path").is_in([reject.path for reject in rejects]))
            read = _read(Path(folder), place, fetched)
            return read | {
                "rejects": pl.concat([read["rejects"], rejects_frame(rejects, place.shapes["rejects"])])
            }
    return _read(place.raw_dir, place, asked)


def _read(raw_dir: Path, place: Place, asked: pl.DataFrame) -> Batch:
    files = [
        RawFile(path, document_id, byte_count, Sidecar())
        for document_id, path, byte_count in asked.select("document_id", "path", "byte_count").iter_rows()
    ]
    # A worker keeps its reading process from batch to batch; without workers each processor has one.
    pool = _reading_process(place.limits) if place.is_spread else None
    read, rejects = read_files(raw_dir, files, place.limits, pool)
    return {
        "blocks": blocks_frame(read),
        "texts": pl.DataFrame(
            [
                {
                    "document_id": document.file.document_id,
                    "path": document.file.path,
                    "byte_count": document.file.byte_count,
                    "file_format": document.file_format,
                    "text": document.text,
                    "sidecar": _sidecar_values(raw_dir, document.file.path),
                }
                for document in read
            ],
            schema=TEXTS,
        ),
        "rejects": rejects_frame(rejects, place.shapes["rejects"]),
    }


@cache
def _reading_process(limits: Limits) -> WorkerPool:
    return WorkerPool(limits, 1)


def _sidecar_values(raw_dir: Path, path: str) -> dict[str, object]:
    sidecar = read_sidecar(raw_dir / path, path)
    return {field.name: getattr(sidecar, field.name) for field in fields(Sidecar)}


def _fetch(url: str, paths: Sequence[str], folder: Path) -> list[Rejection]:
    """Copy documents and their sidecars from an fsspec address; says which could not be had."""
    import fsspec  # type: ignore[import-untyped]

    system, root = fsspec.core.url_to_fs(url)
    rejects = []
    for path in paths:
        file, _ = split_name(folder, path) if "!" not in path else (path.split("!")[0], [])
        try:
            for name in (file, sidecar_path(Path(file)).as_posix()):
                target = folder / name
                if not target.exists() and (name == file or system.exists(f"{root}/{name}")):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    system.get_file(f"{root}/{name}", str(target))
        except OSError as error:
            detail = " ".join(str(error).split())[:120]
            rejects.append(
                Rejection(path, None, "unreadable_file", reason_sentence("unreadable_file", path, detail))
            )
    return rejects


def blocks_frame(read: Sequence[ReadDocument]) -> pl.DataFrame:
    """The blocks of documents in reading order."""
    values = attrgetter(*(field.name for field in fields(Block)))
    return pl.DataFrame(
        [
            (document.file.document_id, block_no, *values(block))
            for document in read
            for block_no, block in enumerate(document.blocks)
        ],
        schema=BLOCKS,
        orient="row",
    )


def documents_of(texts: pl.DataFrame, blocks: pl.DataFrame) -> list[ReadDocument]:
    """Documents put together again from the frames of the reading stage."""
    names = [field.name for field in fields(Block)]
    by_document = {
        key[0]: tuple(Block(*row) for row in group.select(names).iter_rows())
        for key, group in blocks.group_by("document_id", maintain_order=True)
    }
    return [
        ReadDocument(
            file=RawFile(row["path"], row["document_id"], row["byte_count"], Sidecar(**row["sidecar"])),
            file_format=row["file_format"],
            text=row["text"],
            blocks=by_document.get(row["document_id"], ()),
        )
        for row in texts.iter_rows(named=True)
    ]
