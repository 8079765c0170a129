"""A batch of blocks to documents and statements. How figures are understood is the business of pipelines.extraction."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.batches.batch import Batch, Place, frame_of
from pipelines.batches.reading import documents_of
from pipelines.batches.rows import document_row, statement_rows
from pipelines.extraction.extract import extract, extractor_version, make_lexer
from pipelines.extraction.tokens import Lexer


def extract_batch(place: Place, batch: Batch) -> Batch:
    """Documents and statements of a batch of texts and blocks; runs in a worker."""
    lexer, extractor = _lexer(place.seeds_dir, place.catalog)
    received = dict(batch["documents"].select("document_id", "received_at").iter_rows())
    documents = []
    statements = []
    for document in documents_of(batch["documents"].drop("received_at"), batch["blocks"]):
        extracted = extract(document, lexer)
        documents.append(document_row(extracted, received[document.file.document_id], extractor))
        statements.extend(statement_rows(document.file.document_id, extracted.statements))
    return {
        "documents": frame_of(documents, place.shapes["documents"]),
        "statements": frame_of(statements, place.shapes["statements"]),
    }


@cache
def _lexer(seeds_dir: Path, catalog: str) -> tuple[Lexer, str]:
    """The lexer and its version; made once for each state of the catalog."""
    del catalog  # a lexer of other spellings is another lexer
    return make_lexer(seeds_dir), extractor_version(seeds_dir)
