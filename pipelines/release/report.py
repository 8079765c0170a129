"""report.md: what a release changed, what could not be used, who is late. Made for people, without a clock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.warehouse.connection import connect, fetch_frame, has_table

LONGEST_LIST = 50

CHANGES = """
    select change_type, level, count(*) as cells
    from marts.mart_release_change group by all order by all
"""
CHANGED_CELLS = """
    select level, admin_unit_code, indicator_code, year, change_type,
        previous_actual_value, current_actual_value, previous_target_value, current_target_value
    from marts.mart_release_change
    order by all limit ?
"""
DOCUMENTS = """
    select status, document_type, count(*) as documents from raw.documents group by all order by all
"""
REJECTS = """
    select level, reason_code, count(*) as rows, min(reason) as example
    from raw.rejects group by all order by rows desc, level, reason_code
"""
REJECTED_DOCUMENTS = """
    select path, reason from raw.rejects where level = 'document' order by path, reason limit ?
"""
UNMATCHED = """
    select label, statement_count, document_count, nearest_indicator_1 as nearest
    from raw.unmatched order by statement_count desc, label_key limit ?
"""
LATE = """
    select admin_unit_code, obligation_code, due_on, status, days_late
    from marts.mart_reporting_compliance
    where status in ('late', 'missing')
    order by due_on desc, admin_unit_code, obligation_code limit ?
"""
SECTIONS: tuple[tuple[str, str, str, tuple[str, str]], ...] = (
    ("Documents", DOCUMENTS, "No document was read.", ("raw", "documents")),
    ("What changed", CHANGES, "Nothing changed.", ("marts", "mart_release_change")),
    ("Changed cells", CHANGED_CELLS, "Nothing changed.", ("marts", "mart_release_change")),
    ("Rejected, by reason", REJECTS, "Nothing was rejected.", ("raw", "rejects")),
    ("Rejected documents", REJECTED_DOCUMENTS, "No document was rejected.", ("raw", "rejects")),
    ("Labels not recognised", UNMATCHED, "Every label was recognised.", ("raw", "unmatched")),
    ("Late or missing reports", LATE, "No report is late.", ("marts", "mart_reporting_compliance")),
)


def write_report(database: Path, path: Path, release: str) -> None:
    """Write the report of a release from its own database."""
    parts = [f"# Release {release}\n"]
    with connect(database, read_only=True) as connection:
        for title, sql, nothing, (schema, table) in SECTIONS:
            if not has_table(connection, schema, table):
                continue
            parameters: Sequence[object] = [LONGEST_LIST] if "limit ?" in sql else []
            frame = fetch_frame(connection, sql, parameters)
            parts.append(f"## {title}\n")
            parts.append(markdown_table(frame) if frame.height else nothing + "\n")
            if parameters and frame.height == LONGEST_LIST:
                parts.append(f"The list is cut after {LONGEST_LIST} rows; the database holds all.\n")
    path.write_text("\n".join(parts), encoding="utf-8")


def markdown_table(frame: pl.DataFrame) -> str:
    r"""A frame as a Markdown table; numbers as they are, nulls empty.

    >>> print(markdown_table(pl.DataFrame({"unit": ["a|b"], "rows": [2]})), end="")
    | unit | rows |
    |---|---:|
    | a\|b | 2 |
    """
    rule = ["---:" if dtype.is_numeric() else "---" for dtype in frame.dtypes]
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "|".join(rule) + "|"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.iter_rows()]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("|", "\\|").replace("\n", " ")
