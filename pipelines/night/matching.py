"""The matching stage: statements to facts, unmatched labels and rejects, by the catalog as it is now."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher
from pipelines.night.handover import frame_of, read_stage, write_stage
from pipelines.night.rows import Row, admin_unit_fields, matched_rows, statement_of, unmatched_rows
from pipelines.settings import Settings
from schemas.documents import Documents
from schemas.facts import Facts
from schemas.frames import validated
from schemas.rejects import Rejects
from schemas.statements import Statements
from schemas.unmatched import Unmatched


@dataclass(frozen=True)
class Matched:
    """The tables of the night as they will be loaded."""

    facts: pl.DataFrame
    unmatched: pl.DataFrame
    rejects: pl.DataFrame


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
