"""hatangso extract: what the system sees in these files. Touches no database; imports neither Dagster nor dbt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from pipelines.commands.output import FAILURE, print_csv, print_jsonl, print_table, say, stop
from pipelines.settings import get_settings

COLUMNS = (
    "document",
    "document_id",
    "admin_unit_code",
    "admin_unit_level",
    "admin_unit_name",
    "indicator_code",
    "label",
    "year",
    "as_of",
    "kind",
    "value",
    "unit",
    "numerator",
    "denominator",
    "comparator",
    "approximate",
    "segment",
    "quote",
    "block_no",
    "char_start",
    "char_end",
    "page",
    "table_row",
    "table_column",
    "matched_by",
    "confidence",
)
SHOWN = (
    "indicator_code",
    "label",
    "admin_unit_name",
    "year",
    "kind",
    "comparator",
    "value",
    "unit",
    "segment",
)
LONGEST_LABEL = 60


def run_extract(files: Sequence[Path], *, jsonl: bool, csv: bool) -> None:
    """Print what is found in each file; exit 1 when a file could not be read, after the others are done."""
    from pipelines.extraction.extract import make_lexer
    from pipelines.matching.catalog import CatalogError, load_catalog
    from pipelines.matching.match import Matcher

    settings = get_settings()
    try:
        matcher = Matcher(load_catalog(settings.seeds_dir))
        lexer = make_lexer(settings.seeds_dir)
    except CatalogError as error:
        stop("\n".join(error.sentences))
    failed = False
    found: list[dict[str, Any]] = []
    for path in files:
        try:
            objects = objects_of(path, lexer, matcher)
        except ExtractError as error:
            say(str(error))
            failed = True
            continue
        if jsonl:
            print_jsonl(objects)
        elif csv:
            found += objects
        else:
            show(path, objects)
    if csv:
        print_csv(found, COLUMNS)
    if failed:
        raise typer.Exit(FAILURE)


class ExtractError(Exception):
    """A file cannot be read; one sentence for a person."""


def objects_of(path: Path, lexer: Any, matcher: Any) -> list[dict[str, Any]]:
    """One object per fact and per unmatched figure of a file, in reading order.

    Raises ``ExtractError`` where the file or its sidecar cannot be read.
    """
    from pipelines.extraction.extract import extract
    from pipelines.matching.match import match_extracted
    from pipelines.reading.errors import ReadingError
    from pipelines.reading.read import ReadDocument, read_path

    name = path.as_posix()
    objects: list[dict[str, Any]] = []
    failed: list[str] = []
    try:
        for read in read_path(path, name):
            if not isinstance(read, ReadDocument):
                failed.append(read.sentence)
                continue
            matched = match_extracted(extract(read, lexer), matcher)
            objects += _objects(read.file.path, read.file.document_id, matched.readings)
            for omission in read.omissions:
                say(omission.sentence)
    except ReadingError as error:
        raise ExtractError(error.sentence) from error
    except OSError as error:
        sentence = f"{name}: cannot be opened ({error.strerror}); check the name and its permissions."
        raise ExtractError(sentence) from error
    for sentence in failed[:-1] if not objects else failed:
        say(sentence)
    if failed and not objects:
        raise ExtractError(failed[-1])
    return objects


def _objects(name: str, document_id: str, readings: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for reading in readings:
        if reading.outcome == "reject":
            continue
        statement, match, unit = reading.statement, reading.match, reading.unit
        yield {
            "document": name,
            "document_id": document_id,
            "admin_unit_code": unit.code if unit else None,
            "admin_unit_level": unit.level if unit else None,
            "admin_unit_name": unit.name if unit else None,
            "indicator_code": match.code if match else None,
            "label": statement.label,
            "year": statement.year,
            "as_of": statement.as_of.isoformat() if statement.as_of else None,
            "kind": statement.kind,
            "value": json_value(statement.value, statement.unit),
            "unit": statement.unit,
            "numerator": statement.numerator,
            "denominator": statement.denominator,
            "comparator": statement.comparator,
            "approximate": statement.approximate,
            "segment": reading.segment,
            "quote": statement.quote,
            "block_no": statement.block_no,
            "char_start": statement.char_start,
            "char_end": statement.char_end,
            "page": statement.page,
            "table_row": statement.table_row,
            "table_column": statement.table_column,
            "matched_by": match.matched_by if match else None,
            "confidence": match.confidence if match else None,
        }


def json_value(value: float | None, unit: str) -> float | bool | None:
    """A value as JSON: true or false for yes/no.

    >>> json_value(1.0, "boolean"), json_value(80.0, "percent"), json_value(None, "count")
    (True, 80.0, None)
    """
    if value is None:
        return None
    return value == 1 if unit == "boolean" else value


def show(path: Path, objects: Sequence[dict[str, Any]]) -> None:
    """What was found in a file, for a person: facts first, then what waits for the catalog."""
    facts = [row for row in objects if row["indicator_code"]]
    rows = [*facts, *(row for row in objects if not row["indicator_code"])]
    title = f"{path}: {len(facts)} facts, {len(objects) - len(facts)} figures with labels not recognised"
    print_table([row | {"label": _short(row["label"])} for row in rows], SHOWN, title)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
