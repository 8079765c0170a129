"""The sensor that starts a night when new files have arrived and no longer grow."""

from __future__ import annotations

import hashlib
import json

import dagster as dg

from pipelines.defs.jobs import nightly
from pipelines.night.lock import is_night_running
from pipelines.reading.inventory import list_files
from pipelines.settings import get_settings

SECONDS_BETWEEN_LOOKS = 60


@dg.sensor(
    name="new_files_have_settled",
    job=nightly,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def new_files_have_settled(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Starts a night once the raw folder differs from the one of the night before and two looks found it the same.

    A file that still grows differs between looks. No run key: a re-sent report starts a night again.
    """
    before = json.loads(context.cursor or "{}")
    now = raw_folder_state()
    if now == before.get("night"):
        return dg.SkipReason("No file has come, gone or changed since the last night.")
    if now != before.get("look"):
        context.update_cursor(json.dumps(before | {"look": now}))
        return dg.SkipReason("Files have come, gone or changed; waiting until they stay as they are.")
    if is_night_running(get_settings()):
        return dg.SkipReason("A night is running; the files are looked at again after it.")
    return dg.SensorResult(run_requests=[dg.RunRequest()], cursor=json.dumps({"look": now, "night": now}))


def raw_folder_state() -> str:
    """Names, sizes and times of all files of the raw folder as one fingerprint; a file that changes now has none."""
    raw_dir = get_settings().raw_dir
    listed = list_files(raw_dir) if raw_dir.is_dir() else []
    return hashlib.sha256(
        "\n".join(f"{path} {stamp}" for path, stamp in listed).encode(errors="surrogateescape")
    ).hexdigest()
