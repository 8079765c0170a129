"""The reading stage: bytes of new documents to blocks. How a format is read is the business of pipelines.reading."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import get_args, get_type_hints

import polars as pl

from pipelines.night.handover import read_stage, rejects_frame, write_stage
from pipelines.night.inventory import raw_file_of
from pipelines.reading.blocks import Block
from pipelines.reading.read import ReadDocument, read_files
from pipelines.settings import Settings


def _polars_type(hint: object) -> pl.DataType:
    """The polars type of a field of a block, from its annotation."""
    names = {getattr(part, "__name__", "") for part in (hint, *get_args(hint))}
    for name, dtype in (("bool", pl.Boolean()), ("int", pl.Int32()), ("float", pl.Float64())):
        if name in names:
            return dtype
    return pl.String()


# Made from the block itself, so that what a reader adds to it reaches extraction.
BLOCKS = pl.Schema(
    {"document_id": pl.String(), "block_no": pl.Int32()}
    | {name: _polars_type(hint) for name, hint in get_type_hints(Block).items()}
)


TEXTS = pl.Schema({"document_id": pl.String(), "file_format": pl.String(), "text": pl.String()})


@dataclass(frozen=True)
class BlocksRead:
    """What reading gave this night: blocks of new documents, and the documents that could not be read."""

    blocks: pl.DataFrame
    rejects: pl.DataFrame
    document_count: int


def read_blocks(settings: Settings) -> BlocksRead:
    """Blocks of the documents that are new this night."""
    new = read_stage(settings, "inventory").filter(status="new")
    files = [raw_file_of(settings, row) for row in new.iter_rows(named=True)]
    read, rejected = read_files(settings.raw_dir, files)
    blocks = pl.DataFrame(
        [
            {"document_id": document.file.document_id, "block_no": block_no}
            | {field.name: getattr(block, field.name) for field in fields(Block)}
            for document in read
            for block_no, block in enumerate(document.blocks)
        ],
        schema=BLOCKS,
    )
    texts = pl.DataFrame(
        [
            {
                "document_id": document.file.document_id,
                "file_format": document.file_format,
                "text": document.text,
            }
            for document in read
        ],
        schema=TEXTS,
    )
    rejects = rejects_frame(rejected)
    write_stage(settings, "blocks", blocks)
    write_stage(settings, "texts", texts)
    write_stage(settings, "rejects_of_reading", rejects)
    return BlocksRead(blocks, rejects, len(read))


def read_documents(settings: Settings) -> list[ReadDocument]:
    """The documents read this night, put together again from the files of the reading stage."""
    inventory = {
        row["document_id"]: row
        for row in read_stage(settings, "inventory").filter(status="new").iter_rows(named=True)
    }
    names = [field.name for field in fields(Block)]
    blocks = {
        key[0]: tuple(Block(**row) for row in group.select(names).iter_rows(named=True))
        for key, group in read_stage(settings, "blocks").group_by("document_id", maintain_order=True)
    }
    return [
        ReadDocument(
            file=raw_file_of(settings, inventory[row["document_id"]]),
            file_format=row["file_format"],
            text=row["text"],
            blocks=blocks.get(row["document_id"], ()),
        )
        for row in read_stage(settings, "texts").iter_rows(named=True)
    ]
