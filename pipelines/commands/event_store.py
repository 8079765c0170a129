"""Dagster's own store of runs and events during a night. What the events say is the business of ``nightly``."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

DAGSTER_YAML = Path(__file__).parents[1] / "dagster.yaml"
# How long an event waits for another process, such as Dagster's pages, that writes into the same file.
SECONDS_FOR_OTHERS = 30
# What steps print is in the log of the night. Dagster would have four more processes follow it.
NO_OUTPUT_OF_STEPS = {
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    }
}


def open_instance(settings: Settings) -> DagsterInstance:
    """Dagster's own store in the work folder, with telemetry off."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    shipped = DAGSTER_YAML.read_text(encoding="utf-8")
    if not configuration.is_file() or configuration.read_text(encoding="utf-8") in shipped:
        # None yet, or the one of an earlier version, which is the beginning of this one.
        configuration.write_text(shipped, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    os.environ["DO_NOT_TRACK"] = "1"
    import dagster as dg
    from dagster._core.instance import InstanceRef
    from sqlalchemy import Engine, event

    if not event.contains(Engine, "connect", _wait_for_no_disk):
        event.listen(Engine, "connect", _wait_for_no_disk)
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home), overrides=NO_OUTPUT_OF_STEPS))


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    """Let SQLite leave it to the system when an event reaches the disk: a killed night loses none of them.

    Where the power fails the last ones may be missing; the files stay whole, since Dagster keeps them in WAL mode.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = normal")


@contextlib.contextmanager
def kept_open(instance: DagsterInstance) -> Iterator[None]:
    """Keep the files of events open while the block runs.

    Dagster makes an engine for each of a night's thousand events, which has to work out every statement anew, and
    closes the file after it, upon which SQLite carries its log into the file: ten times the cost of the event itself.
    """
    from dagster._core.storage.event_log import SqliteEventLogStorage
    from sqlalchemy import Connection, Engine, create_engine

    storage = instance.event_log_storage
    # An office may keep the events elsewhere: dagster.yaml in Dagster's home is theirs.
    if not isinstance(storage, SqliteEventLogStorage):
        yield
        return
    opened_once = storage._connect
    engines: dict[str, Engine] = {}

    @contextlib.contextmanager
    def connected(shard: str) -> Iterator[Connection]:
        if shard not in engines:
            # The file of a new run is made by its first connection.
            with opened_once(shard):
                pass
            engines[shard] = create_engine(
                storage.conn_string_for_shard(shard), connect_args={"timeout": SECONDS_FOR_OTHERS}
            )
        with storage._db_lock, engines[shard].connect() as connection, connection.begin():
            yield connection

    storage._connect = connected  # type: ignore[method-assign]
    try:
        yield
    finally:
        del storage._connect
        for engine in engines.values():
            engine.dispose()
