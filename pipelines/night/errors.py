"""What stops a night: one error for every stage, and what each error says to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import duckdb

from pipelines.matching.catalog import CatalogError
from pipelines.reading.errors import InputError
from pipelines.release.errors import ReleaseError
from pipelines.warehouse.connection import WarehouseError, first_line
from schemas.frames import StructuralError


class StageError(Exception):
    """A stage cannot go on; one sentence for a person."""


# Errors that people can mend: shown as their sentence, without a traceback.
STAGE_ERRORS = (
    StageError,
    InputError,
    CatalogError,
    StructuralError,
    WarehouseError,
    ReleaseError,
    # A full disk, a folder that cannot be written: whatever the stage, the remedy is the same.
    OSError,
    # What else a full disk, a damaged file or a lost server shows itself as, in DuckDB and in Dagster's own records.
    duckdb.OperationalError,
    duckdb.InternalError,
    duckdb.FatalException,
    sqlite3.DatabaseError,
)


def error_sentence(error: BaseException) -> str:
    """What an error says to a person; a faulty catalog has a sentence for each fault."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        said = (error.strerror or str(error)).lower()
        return f"{where}{said}; free space on the disk or mend the permissions, and run again. What was released stays."
    if isinstance(error, duckdb.Error):
        return (
            f"The warehouse cannot be read or written ({first_line(error)}); see that the disk has room, is whole and"
            " may be written, and that a lake's PostgreSQL runs, and run again. What was released stays."
        )
    if isinstance(error, sqlite3.Error):
        return (
            f"Dagster's records of nights, in the work folder, cannot be read or written ({first_line(error)});"
            " free space on the disk or mend the permissions, and run again. What was released stays."
        )
    found = getattr(error, "sentences", None)
    if isinstance(found, Iterable) and not isinstance(found, str):
        return "\n".join(str(sentence) for sentence in found)
    return str(error)
