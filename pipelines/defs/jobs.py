"""The nightly job and its schedule."""

from __future__ import annotations

import dagster as dg

# One process for all steps: starting one for each costs more than the steps themselves.
nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Reads the raw folder, fills the warehouse, publishes a release when something changed.",
)

nightly_schedule = dg.ScheduleDefinition(
    name="nightly_at_half_past_one",
    job=nightly,
    cron_schedule="30 1 * * *",
    execution_timezone="Asia/Ho_Chi_Minh",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
