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
# What Dagster calls the file with the events of assets of all runs.
ALL_RUNS = "index"
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
def kept_open(instance: DagsterInstance, run_id: str) -> Iterator[None]:
    """Keep the files of a run's events open while the block runs.

    Dagster opens and closes them for each of a night's thousand events, and SQLite carries its log into the
    file whenever the last connection closes: ten times the cost of the event itself.
    """
    from dagster._core.storage.event_log import SqliteEventLogStorage

    storage = instance.event_log_storage
    with contextlib.ExitStack() as opened:
        # An office may keep the events elsewhere: dagster.yaml in Dagster's home is theirs.
        if isinstance(storage, SqliteEventLogStorage):
            # The file of a new run is made by its first connection.
            with storage.run_connection(run_id):
                pass
            for shard in (run_id, ALL_RUNS):
                held = opened.enter_context(
                    contextlib.closing(sqlite3.connect(storage.path_for_shard(shard)))
                )
                # SQLite opens a file when it is first asked something.
                held.execute("select count(*) from sqlite_master").fetchone()
        yield
