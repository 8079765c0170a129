from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from pipelines.commands.event_store import kept_open, open_instance
from pipelines.settings import Settings

RUN = "7d3f6f0e-5a0c-4e0d-9f0e-3d9a5a0c4e0d"


@dg.asset
def figures() -> None:
    """Nothing to make: only its events count."""


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")
    return open_instance(Settings(work_dir=tmp_path))


def test_events_are_stored_as_without_it(instance: dg.DagsterInstance) -> None:
    job = dg.Definitions(assets=[figures]).resolve_implicit_global_asset_job_def()
    with kept_open(instance):
        assert job.execute_in_process(instance=instance, run_id=RUN).success
    stored = instance.get_latest_materialization_event(dg.AssetKey("figures"))
    assert stored is not None
    assert stored.run_id == RUN
    assert [
        entry.message for entry in instance.all_logs(RUN) if "RUN_SUCCESS" in str(entry.dagster_event_type)
    ]


def test_the_log_of_a_file_is_not_carried_over_at_each_event(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    files = tmp_path / "dagster" / "history" / "runs"
    storage = instance.event_log_storage
    with kept_open(instance):
        for connection in (storage.index_connection(), storage.run_connection(RUN)):
            with connection as opened:
                assert opened.execute(sa.text("pragma synchronous")).scalar() == 1
        assert {path.name for path in files.glob("*-wal")} == {"index.db-wal", f"{RUN}.db-wal"}
    assert not list(files.glob("*-wal"))
