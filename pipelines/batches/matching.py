"""A batch of statements to facts and rejects. How labels are recognised is the business of pipelines.matching."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.batches.batch import Batch, Place, frame_of
from pipelines.batches.rows import Row, admin_unit_fields, matched_rows, statement_of
from pipelines.matching.catalog import load_catalog
from pipelines.matching.match import Matcher


def match_batch(place: Place, batch: Batch) -> Batch:
    """Rows of the raw tables for the documents of a batch and their statements; runs in a worker."""
    matcher = matcher_of(place.seeds_dir, place.catalog)
    by_document = {
        key[0]: group for key, group in batch["statements"].group_by("document_id", maintain_order=True)
    }
    placed: list[Row] = []
    statements: list[Row] = []
    facts: list[Row] = []
    rejects: list[Row] = []
    for document in batch["documents"].iter_rows(named=True):
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
        result = matched_rows(document["path"], rows, objects, matched, matcher.catalog.confidence_bar)
        place_found = matched.place.unit if document["status"] == "read" else None
        placed.append(document | admin_unit_fields(place_found))
        statements += result.statements
        facts += result.facts
        rejects += result.rejects
    found = {"documents": placed, "statements": statements, "facts": facts, "rejects": rejects}
    return {name: frame_of(rows, place.shapes[name]) for name, rows in found.items()}


@cache
def matcher_of(seeds_dir: Path, catalog: str) -> Matcher:
    """The matcher for a catalog with this fingerprint; made once for each state of the catalog."""
    del catalog  # another catalog needs another matcher
    return Matcher(load_catalog(seeds_dir))
