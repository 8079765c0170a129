"""The stages of a night as plain functions: each reads the files of the stage before and writes its own.

No Dagster here; ``pipelines/defs`` wraps these, and tests call them. What a stage does with its
input is the business of its package; here is only what passes between stages and nights.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, get_args, get_type_hints

import polars as pl

from pipelines.extraction.extract import extract, extractor_version, make_lexer
from pipelines.matching.catalog import CatalogError, load_catalog
from pipelines.matching.match import Matcher
from pipelines.reading.blocks import Block
from pipelines.reading.errors import InputError
from pipelines.reading.inventory import RawFile, document_paths, take_inventory
from pipelines.reading.read import READER_VERSION, ReadDocument, read_files
from pipelines.reading.rejection import Rejection
from pipelines.reading.sidecar import read_sidecar
from pipelines.release.errors import ReleaseError
from pipelines.release.export import DATABASE
from pipelines.release.publish import Publication, publish
from pipelines.rows import (
    Row,
    admin_unit_fields,
    document_row,
    matched_rows,
    rejected_document_row,
    rejection_row,
    statement_of,
    statement_rows,
    unmatched_rows,
)
from pipelines.settings import Settings
from pipelines.warehouse.connection import WarehouseError, connect, fetch_frame, has_table
from pipelines.warehouse.load import load_night
from pipelines.warehouse.released_cells import restore_released_cells, rotate_released_cells
from pipelines.warehouse.state import Stored, read_released_cells, read_stored
from schemas.contract import Contract
from schemas.documents import Documents
from schemas.facts import Facts
from schemas.frames import StructuralError, polars_schema, validated
from schemas.rejects import Rejects
from schemas.statements import Statements
from schemas.tables import NIGHT_TABLES
from schemas.unmatched import Unmatched

READING_ORDER = ("document_id", "block_no", "char_start", "table_row", "table_column", "statement_id")
DOCS_PAGE = "documentation.html"
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


class StageError(Exception):
    """A stage cannot go on; one sentence for a person."""


# Errors that people can mend: shown as their sentence, without a traceback.
STAGE_ERRORS = (StageError, InputError, CatalogError, StructuralError, WarehouseError, ReleaseError)

INVENTORY = pl.Schema(
    {
        "path": pl.String(),
        "document_id": pl.String(),
        "byte_count": pl.Int64(),
        "sidecar_id": pl.String(),
        "received_at": pl.Datetime("us"),
        "status": pl.String(),
    }
)


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


@dataclass(frozen=True)
class StatementsFound:
    """Statements of all documents known so far, and how many of them were found this night."""

    statements: pl.DataFrame
    new_count: int


@dataclass(frozen=True)
class Matched:
    """The tables of the night as they will be loaded."""

    facts: pl.DataFrame
    unmatched: pl.DataFrame
    rejects: pl.DataFrame


@dataclass(frozen=True)
class Loaded:
    """Rows of each raw table, and how the facts differ from those of the night before."""

    rows: dict[str, int]
    new_facts: int
    gone_facts: int


@dataclass(frozen=True)
class Balance:
    """What went in and what came out; nothing may be lost between."""

    what: str
    expected: int
    observed: int
    parts: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing came from nowhere."""
        return self.expected == self.observed

    def sentence(self) -> str:
        """The balance in words, for when it does not hold."""
        parts = ", ".join(f"{count} {name}" for name, count in self.parts.items())
        return f"{self.what}: {self.expected} went in and {self.observed} came out ({parts})."


# --- between stages -----------------------------------------------------------------------


def write_stage(settings: Settings, name: str, frame: pl.DataFrame) -> None:
    """Keep the frame of a stage for the stages after it; whole or not at all."""
    settings.stages_dir.mkdir(parents=True, exist_ok=True)
    target = settings.stages_dir / f"{name}.parquet"
    part = target.with_suffix(".part")
    frame.write_parquet(part)
    part.replace(target)


def read_stage(settings: Settings, name: str) -> pl.DataFrame:
    """The frame that a stage left. Raises ``StageError`` where it has not run yet."""
    path = settings.stages_dir / f"{name}.parquet"
    if not path.is_file():
        sentence = f"{path}: the stage before this one left no {name}; run the nightly from its start."
        raise StageError(sentence)
    return pl.read_parquet(path)


def error_sentence(error: BaseException) -> str:
    """What an error says to a person; a faulty catalog has a sentence for each fault."""
    found = getattr(error, "sentences", None)
    if isinstance(found, Iterable) and not isinstance(found, str):
        return "\n".join(str(sentence) for sentence in found)
    return str(error)


def released_database(settings: Settings) -> Path:
    """The database that readers have open."""
    return settings.current_release / DATABASE


# --- stages -------------------------------------------------------------------------------


def check_catalog(settings: Settings) -> pl.DataFrame:
    """The tables of the catalog with their rows, once all of it is valid.

    Raises ``CatalogError`` with a sentence for each fault; nothing has been written then.
    """
    load_catalog(settings.seeds_dir)
    tables = sorted(settings.seeds_dir.glob("*.csv"))
    return pl.DataFrame(
        {
            "table": [path.stem for path in tables],
            "rows": [
                pl.scan_csv(path, infer_schema=False).select(pl.len()).collect().item() for path in tables
            ],
        },
        schema={"table": pl.String, "rows": pl.Int64},
    )


def check_inputs(settings: Settings) -> None:
    """Raise what would stop the night at its start: a faulty catalog, a raw folder that is missing or empty.

    Nothing is written, and no document is opened.
    """
    load_catalog(settings.seeds_dir)
    if not settings.raw_dir.is_dir() or not document_paths(settings.raw_dir):
        take_inventory(settings.raw_dir)


def take_documents(settings: Settings) -> pl.DataFrame:
    """One row per file in the raw folder: path, content hash, and whether it is new, known or rejected.

    A file is known when its content and its sidecar are those of a stored document that the
    present versions of reading and extraction have read.
    """
    inventory = take_inventory(settings.raw_dir)
    stored = read_stored(settings.warehouse, released_database(settings)).documents
    known = {row["document_id"]: row for row in stored.iter_rows(named=True)}
    extractor = extractor_version(settings.seeds_dir)
    now = vietnamese_time()
    rows: list[dict[str, Any]] = []
    for file in inventory.files:
        row = known.get(file.document_id)
        is_known = (
            row is not None
            and row["status"] == "read"
            and row["sidecar_id"] == file.sidecar.sidecar_id
            and row["reader_version"] == READER_VERSION
            and row["extractor_version"] == extractor
        )
        received_at = file.sidecar.received_at or (row["received_at"] if row else now)
        rows.append(
            {
                "path": file.path,
                "document_id": file.document_id,
                "byte_count": file.byte_count,
                "sidecar_id": file.sidecar.sidecar_id,
                "received_at": received_at,
                "status": "known" if is_known else "new",
            }
        )
    rows += [
        {"path": reject.path, "document_id": reject.document_id, "status": "rejected"}
        for reject in inventory.rejects
    ]
    frame = pl.DataFrame(rows, schema=INVENTORY).sort("path")
    write_stage(settings, "inventory", frame)
    write_stage(settings, "rejects_of_inventory", rejects_frame(inventory.rejects))
    return frame


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


def extract_statements(settings: Settings) -> StatementsFound:
    """Statements of all documents known so far: those read this night, and the stored ones of the others.

    Stored documents stay when their file is gone or cannot be used any more: nothing is lost.
    A document or statement that breaks its contract becomes a reject and does not go on.
    """
    inventory = read_stage(settings, "inventory")
    stored = read_stored(settings.warehouse, released_database(settings))
    received = dict(
        inventory.filter(pl.col("status") != "rejected").select("document_id", "received_at").iter_rows()
    )
    lexer = make_lexer(settings.seeds_dir)
    extractor = extractor_version(settings.seeds_dir)
    documents: list[Row] = []
    statements: list[Row] = []
    read = read_documents(settings)
    for document in read:
        extracted = extract(document, lexer)
        documents.append(document_row(extracted, received[document.file.document_id], extractor))
        statements.extend(statement_rows(document.file.document_id, extracted.statements))
    new_documents = validated(frame_of(documents, Documents), Documents)
    new_statements = validated(frame_of(statements, Statements), Statements)
    taken = new_documents.good["document_id"]
    found = new_statements.good.filter(pl.col("document_id").is_in(taken.implode()))
    kept = kept_from_before(stored, inventory, taken)
    unread = unreadable_documents(settings, inventory, [*taken, *kept.documents["document_id"]])
    write_stage(
        settings,
        "documents",
        marked_withdrawn(pl.concat([new_documents.good, kept.documents, unread]), inventory).sort(
            "path", "document_id"
        ),
    )
    # The same order whether found this night or stored, so that matching says the same of both.
    write_stage(settings, "statements", pl.concat([found, kept.statements]).sort(READING_ORDER))
    write_stage(
        settings,
        "rejects_of_extraction",
        # A statement outside its contract is no row of raw.statements: what is rejected is its block.
        pl.concat(
            [
                new_documents.rejects,
                new_statements.rejects.with_columns(
                    pl.lit("block").alias("level"), pl.lit(None, pl.String).alias("statement_id")
                ),
                kept.rejects,
            ]
        ),
    )
    return StatementsFound(read_stage(settings, "statements"), new_count=found.height)


def kept_from_before(stored: Stored, inventory: pl.DataFrame, taken: pl.Series) -> Stored:
    """What was stored of documents that were not read again this night, under their present paths.

    Statements that matching adds are left out, since it will add them again; outcomes are cleared.
    """
    paths = inventory.filter(status="known").select("document_id", pl.col("path").alias("present_path"))
    documents = (
        stored.documents.filter((pl.col("status") == "read") & ~pl.col("document_id").is_in(taken.implode()))
        .join(paths, on="document_id", how="left")
        .with_columns(pl.coalesce("present_path", "path").alias("path"))
        .drop("present_path")
    )
    ids = documents["document_id"].implode()
    return Stored(
        documents,
        stored.statements.filter(
            pl.col("document_id").is_in(ids) & pl.col("shares_value_with").is_null()
        ).with_columns(pl.lit(None, dtype=pl.String).alias("outcome")),
        stored.rejects.filter((pl.col("level") == "block") & pl.col("document_id").is_in(ids)),
    )


def marked_withdrawn(documents: pl.DataFrame, inventory: pl.DataFrame) -> pl.DataFrame:
    """Documents with the time since which their file is missing; cleared where the file has come back.

    A file that is there but cannot be used tonight has not been withdrawn.
    """
    is_present = pl.col("document_id").is_in(inventory["document_id"].drop_nulls().implode()) | pl.col(
        "path"
    ).is_in(inventory.filter(status="rejected")["path"].implode())
    return documents.with_columns(
        pl.when(is_present)
        .then(None)
        .otherwise(pl.coalesce("withdrawn_at", pl.lit(vietnamese_time(), pl.Datetime("us"))))
        .alias("withdrawn_at")
    )


def unreadable_documents(settings: Settings, inventory: pl.DataFrame, usable: Sequence[str]) -> pl.DataFrame:
    """Rows of the documents that are in the folder but could not be read, with what their sidecars say."""
    unread = inventory.filter(
        pl.col("status").is_in(["new", "known"]) & ~pl.col("document_id").is_in(list(usable))
    )
    extractor = extractor_version(settings.seeds_dir)
    return frame_of(
        [
            rejected_document_row(raw_file_of(settings, row), row["received_at"], extractor)
            for row in unread.iter_rows(named=True)
        ],
        Documents,
    )


def match_facts(settings: Settings) -> Matched:
    """Facts, unmatched labels and rejects of all statements known so far, by the catalog as it is now."""
    catalog = load_catalog(settings.seeds_dir)
    matcher = Matcher(catalog)
    documents = read_stage(settings, "documents")
    by_document = {
        key[0]: group
        for key, group in read_stage(settings, "statements").group_by("document_id", maintain_order=True)
    }
    placed: list[Row] = []
    statements: list[Row] = []
    facts: list[Row] = []
    unmatched: list[Row] = []
    rejects: list[Row] = []
    for document in documents.iter_rows(named=True):
        group = by_document.get(document["document_id"])
        rows = [] if group is None else group.to_dicts()
        objects = [statement_of(row) for row in rows]
        matched = matcher.match_document(
            document["place_text"] or "",
            document["issued_on"],
            document["reference_year"],
            objects,
            document["title"],
        )
        result = matched_rows(document["path"], rows, objects, matched, catalog.confidence_bar)
        place = matched.place.unit if document["status"] == "read" else None
        placed.append(document | admin_unit_fields(place))
        statements += result.statements
        facts += result.facts
        unmatched += result.unmatched
        rejects += result.rejects
    checked = validated(frame_of(facts, Facts), Facts)
    failed = checked.bad["statement_id"].implode()
    tables = {
        "documents": frame_of(placed, Documents),
        "statements": frame_of(statements, Statements).with_columns(
            pl.when(pl.col("statement_id").is_in(failed))
            .then(pl.lit("reject"))
            .otherwise(pl.col("outcome"))
            .alias("outcome")
        ),
        "facts": checked.good,
        "unmatched": frame_of(unmatched_rows(unmatched, matcher.indicators), Unmatched),
        "rejects": pl.concat(
            [
                *(
                    read_stage(settings, f"rejects_of_{stage}")
                    for stage in ("inventory", "reading", "extraction")
                ),
                frame_of(rejects, Rejects),
                checked.rejects,
            ]
        ).unique("reject_id", keep="first", maintain_order=True),
    }
    for name, frame in tables.items():
        write_stage(settings, name, frame)
    return Matched(tables["facts"], tables["unmatched"], tables["rejects"])


def raw_file_of(settings: Settings, row: Row) -> RawFile:
    """A row of the inventory as reading takes it."""
    path = str(row["path"])
    return RawFile(path, row["document_id"], row["byte_count"], read_sidecar(settings.raw_dir / path, path))


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


def documentation_page(settings: Settings) -> Path:
    """The page that dbt wrote, with the paths of this machine taken out of it, since it is published."""
    page = settings.dbt_target_dir / "static_index.html"
    text = page.read_text(encoding="utf-8")
    for folder, shown in (
        (settings.dbt_target_dir, "target"),
        (settings.work_dir, "data/work"),
        (settings.home, "."),
    ):
        text = text.replace(str(folder), shown)
    target = settings.dbt_target_dir / DOCS_PAGE
    target.write_text(text, encoding="utf-8")
    return target


def publish_release(settings: Settings) -> Publication:
    """Publish the marts when they differ from the current release, and move the released cells on."""
    publication = publish(
        warehouse=settings.warehouse,
        published_dir=settings.published_dir,
        seeds_dir=settings.seeds_dir,
        docs_page=settings.dbt_target_dir / DOCS_PAGE,
        versions=program_versions(settings),
        keep_releases=settings.keep_releases,
    )
    # Also without a new release: the night that published it may have ended before this step.
    rotate_released_cells(settings.warehouse)
    return publication


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


# --- what must balance --------------------------------------------------------------------


def statement_balance(settings: Settings) -> Balance:
    """Statements = facts + statements behind unmatched labels + rejected statements."""
    rejects = read_stage(settings, "rejects")
    parts = {
        "facts": read_stage(settings, "facts").height,
        "unmatched": int(read_stage(settings, "unmatched")["statement_count"].sum()),
        "rejected": rejects.filter(level="statement").height,
    }
    return Balance("Statements", read_stage(settings, "statements").height, sum(parts.values()), parts)


def document_balance(settings: Settings) -> Balance:
    """Files in the raw folder = those whose document is stored as read + those rejected."""
    inventory = read_stage(settings, "inventory")
    read = read_stage(settings, "documents").filter(status="read")
    rejected_paths = read_stage(settings, "rejects").filter(level="document")["path"].unique()
    taken = inventory.filter(pl.col("status") != "rejected")
    parts = {
        "read": taken.filter(
            pl.col("document_id").is_in(read["document_id"].implode())
            & ~pl.col("path").is_in(rejected_paths.implode())
        ).height,
        "rejected": inventory.filter(pl.col("path").is_in(rejected_paths.implode())).height,
    }
    return Balance("Files", inventory.height, sum(parts.values()), parts)


# --- parts --------------------------------------------------------------------------------


def vietnamese_time() -> datetime:
    """The present second in Vietnam, without a zone, as the receipt of a document is recorded."""
    return datetime.now(VIETNAM).replace(tzinfo=None, microsecond=0)


def frame_of(rows: Sequence[Row], model: type[Contract]) -> pl.DataFrame:
    """Rows as a frame of their contract; columns that a row does not name are null."""
    return pl.DataFrame(list(rows), schema=polars_schema(model))


def rejects_frame(rejections: Sequence[Rejection]) -> pl.DataFrame:
    """Documents and blocks that could not be used, as rows of raw.rejects."""
    return frame_of([rejection_row(rejection) for rejection in rejections], Rejects)


def program_versions(settings: Settings) -> dict[str, str]:
    """Versions of all that has a part in a release's content."""
    packages = ("hatangso", "duckdb", "dbt-core", "dbt-duckdb", "polars")
    return {
        "reader": READER_VERSION,
        "extractor": extractor_version(settings.seeds_dir),
        **{package: _version(package) for package in packages},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def dbt_errors(target: Path) -> list[str]:
    """What the last run of dbt reported as errors, one line each, from its own log."""
    try:
        lines = (target / "dbt.log").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found: dict[str, str] = {}
    run = ""
    for line in lines:
        try:
            info = json.loads(line)["info"]
        except (ValueError, KeyError, TypeError):
            continue
        if info.get("invocation_id") != run:
            run, found = info.get("invocation_id", ""), {}
        if info.get("level") == "error":
            found[" ".join(str(info.get("msg", "")).split())] = ""
    return [message for message in found if message]


def dbt_failures(target: Path) -> list[str]:
    """One sentence for each dbt node that failed in the last build, from its own record."""
    try:
        results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    except (OSError, ValueError, KeyError):
        return []
    failed = []
    for result in results:
        if result.get("status") in {"error", "fail", "runtime error"}:
            kind, _, name = str(result["unique_id"]).split(".", 2)
            message = " ".join(str(result.get("message") or "").split())
            failed.append(f"The dbt {kind} {name.split('.')[0]} failed: {message.rstrip('.')}.")
    return failed
