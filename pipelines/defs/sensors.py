"""Sensors: one starts a night when new files have arrived and no longer grow, two send the morning message.

`hatangso nightly` runs without the daemon and sends its own message; its runs carry a tag and are passed over.
"""

from __future__ import annotations

import json

import dagster as dg

from pipelines.defs.jobs import nightly
from pipelines.night import tell_failure, tell_success
from pipelines.night.lock import is_night_running
from pipelines.reading.inventory import folder_state
from pipelines.settings import get_settings

SECONDS_BETWEEN_LOOKS = 60
# On runs whose own command tells of them.
TELLS_ITSELF = "hatangso/tells_itself"


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
    now = folder_state(get_settings().raw_dir)
    if now == before.get("night"):
        return dg.SkipReason("No file has come, gone or changed since the last night.")
    if now != before.get("look"):
        context.update_cursor(json.dumps(before | {"look": now}))
        return dg.SkipReason("Files have come, gone or changed; waiting until they stay as they are.")
    if is_night_running(get_settings()):
        return dg.SkipReason("A night is running; the files are looked at again after it.")
    return dg.SensorResult(run_requests=[dg.RunRequest()], cursor=json.dumps({"look": now, "night": now}))


def failure_sentences(events: list[dg.DagsterEvent]) -> list[str]:
    """What went wrong in a run: the sentence of each failed step and blocking check."""
    sentences = []
    for event in events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data is not None and data.user_failure_data.description:
                sentences.append(data.user_failure_data.description)
            elif data.error is not None and "AssetCheckFailed" not in (data.error.cls_name or ""):
                cause = data.error.cause or data.error
                sentences.append(f"The step {event.step_key} failed: {' '.join(cause.message.split())[:300]}")
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR:
                sentences.append(check.description or f"The check {check.check_name} failed.")
    return list(dict.fromkeys(sentences))


def events_of(context: dg.RunStatusSensorContext) -> list[dg.DagsterEvent]:
    """The events of the run that the sensor looks at."""
    records = context.instance.all_logs(context.dagster_run.run_id)
    return [entry.get_dagster_event() for entry in records if entry.is_dagster_event]


@dg.run_failure_sensor(
    monitored_jobs=[nightly],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sends at once why a night failed, to the addresses in HATANGSO_MESSAGE_URLS.",
)
def night_failed(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tell of a failed night."""
    if TELLS_ITSELF in context.dagster_run.tags:
        return dg.SkipReason("The command that ran it tells of it.")
    sentences = failure_sentences(events_of(context)) or [
        context.failure_event.message or "The night failed."
    ]
    for sentence in tell_failure(get_settings(), sentences):
        context.log.warning(sentence)
    return None


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[nightly],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sends the digest of a night to the addresses in HATANGSO_MESSAGE_URLS.",
)
def night_succeeded(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Tell what a night changed, rejected and did not recognise, and who is late."""
    if TELLS_ITSELF in context.dagster_run.tags:
        return dg.SkipReason("The command that ran it tells of it.")
    for event in events_of(context):
        if event.is_step_materialization and event.asset_key == dg.AssetKey("release"):
            metadata = event.step_materialization_data.materialization.metadata
            told = tell_success(
                get_settings(),
                str(metadata["release"].value),
                str(metadata["headline"].value),
                is_new=bool(metadata["new"].value),
            )
            for sentence in told:
                context.log.warning(sentence)
            return None
    return dg.SkipReason("The run made no release.")
