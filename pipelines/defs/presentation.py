"""How stages show in Dagster: sample tables, counts, and failures as one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import polars as pl

from pipelines.night import STAGE_ERRORS, error_sentence
from pipelines.release.report import markdown_table

SAMPLE_ROWS = 10


@contextmanager
def sentences() -> Iterator[None]:
    """Turn the errors that people can mend into a failure whose description is their sentence."""
    try:
        yield
    except STAGE_ERRORS as error:
        raise dg.Failure(description=error_sentence(error), allow_retries=False) from error


def table(frame: pl.DataFrame, rows: int = SAMPLE_ROWS) -> dg.MarkdownMetadataValue:
    """The first rows of a frame as a Markdown table."""
    return dg.MetadataValue.md(markdown_table(frame.head(rows)))


def counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    """Rows by value of a column, the most frequent first; a null is shown as such."""
    counted = frame.group_by(column).len().sort(["len", column], descending=[True, False])
    return {str(value) if value is not None else "null": rows for value, rows in counted.iter_rows()}
