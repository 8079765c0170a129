"""The warehouse as a night finds it: a damaged one is set aside, an empty one filled from the release."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.settings import Location
from pipelines.warehouse.connection import (
    WarehouseError,
    column_types,
    connect,
    first_row,
    literal,
    quoted,
    transaction,
)
from pipelines.warehouse.load import RAW_SCHEMA
from pipelines.warehouse.memory import STATE_SCHEMA
from pipelines.warehouse.migrations import migrate
from schemas.tables import NIGHT_TABLES

RELEASED = "released"


@dataclass(frozen=True)
class Recovery:
    """What had to be done before a night could begin; ``sentences`` says it to a person, empty when nothing was."""

    set_aside: Path | None
    from_release: bool

    def sentences(self, warehouse: Location) -> list[str]:
        """What happened and what to do about it."""
        said = []
        if self.set_aside is not None:
            said.append(
                f"{warehouse}: the database was damaged. It was set aside as {self.set_aside.name} and is built again;"
                " check the disk, and remove the damaged file when nobody needs it."
            )
        if self.from_release:
            said.append(f"{warehouse}: what earlier nights knew was taken from the current release.")
        return said


def prepare_warehouse(warehouse: Location, released: Path, *, is_suspect: bool = False) -> Recovery:
    """Have a warehouse of this version that can be opened, with what earlier nights stored.

    A suspect one, as after a night that did not reach its end, is read as a whole before it is trusted.

    The released database stands in where there is none, so that neither receipt times nor documents
    that are no longer in the raw folder are lost with an emptied work folder or a damaged file.
    Raises ``WarehouseError`` where another program holds the database or the folder cannot be written.
    """
    set_aside = None
    if isinstance(warehouse, Path) and warehouse.is_file() and _is_damaged(warehouse, is_suspect):
        set_aside = _set_aside(warehouse)
    migrate(warehouse)
    return Recovery(set_aside, _filled_from(warehouse, released))


def _is_damaged(warehouse: Path, is_suspect: bool) -> bool:
    """Whether DuckDB cannot read the file: its header, its log, the blocks of the stored documents; if suspect, all blocks.

    What dbt makes anew every night is left out.
    """
    try:
        with duckdb.connect(str(warehouse)) as connection:
            if column_types(connection, RAW_SCHEMA, "documents"):
                connection.execute("select count(document_id), max(path) from raw.documents").fetchall()
            if is_suspect:
                _read_through(connection)
    except duckdb.IOException as error:
        said = str(error).lower()
        return not any(word in said for word in ("set lock", "permission", "read-only", "no space"))
    except duckdb.Error:
        return True
    return False


def _read_through(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every row of what nights store and remember; DuckDB compares the checksum of each block that it reads."""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in (?, ?)",
        [RAW_SCHEMA, STATE_SCHEMA],
    ).fetchall()
    for schema, table in tables:
        connection.execute(f"select sum(hash(row)) from {quoted(schema)}.{quoted(table)} as row").fetchall()  # noqa: S608


def _set_aside(warehouse: Path) -> Path:
    """Give the file and its log a name of their own; what is in them stays."""
    number = 1
    while (aside := warehouse.with_name(f"{warehouse.stem}.damaged-{number}{warehouse.suffix}")).exists():
        number += 1
    log = warehouse.with_name(warehouse.name + ".wal")
    if log.exists():
        log.rename(aside.with_name(aside.name + ".wal"))
    return warehouse.rename(aside)


def _filled_from(warehouse: Location, released: Path) -> bool:
    """Copy the raw tables of the release into a warehouse that holds no document."""
    if not released.is_file():
        return False
    with connect(warehouse) as connection:
        if first_row(connection.execute("select 1 from raw.documents limit 1")):
            return False
        try:
            connection.execute(f"attach {literal(str(released.resolve()))} as {RELEASED} (read_only)")
        except duckdb.Error:
            return False
        try:
            with transaction(connection):
                for name in NIGHT_TABLES:
                    table = f"{RAW_SCHEMA}.{quoted(name)}"
                    known = column_types(connection, RAW_SCHEMA, name)
                    had = connection.execute(f"select * from {RELEASED}.{table} limit 0").description or []  # noqa: S608
                    names = ", ".join(quoted(column[0]) for column in had if column[0] in known)
                    connection.execute(
                        f"insert into {table} ({names}) select {names} from {RELEASED}.{table}"  # noqa: S608
                    )
        except duckdb.Error:
            # A release of a version with other tables: the documents are read again.
            return False
        finally:
            connection.execute(f"detach {RELEASED}")
    return True


def check_writable(folder: Path) -> None:
    """Raise ``WarehouseError`` where no file can be written into the folder: it is read-only, or the disk is full."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"\0" * 65536)
        probe.unlink()
    except OSError as error:
        probe.unlink(missing_ok=True)
        said = (error.strerror or str(error)).lower()
        sentence = f"{folder}: nothing can be written there ({said}); free space or mend the permissions, and run again."
        raise WarehouseError(sentence) from error
