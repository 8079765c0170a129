"""Dagster's sensors for the morning message: a failing run is told at once, and once only."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.defs import sensors
from pipelines.defs.jobs import nightly


@dg.op
def breaks() -> None:
    raise dg.Failure(description="units.csv, line 3: no such unit.")


@dg.job(name=nightly.name)
def failing_night() -> None:
    breaks()


@dg.asset(name="release")
def a_release() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(
        metadata={"release": "2026-10-12-0001-0a1b2c3d", "headline": "A new release.", "new": True}
    )


@pytest.fixture
def instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.ephemeral()


@pytest.mark.parametrize("tags", [{}, {sensors.TELLS_ITSELF: "yes"}])
def test_a_failed_run_is_told_unless_its_command_tells_it(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, tags: dict[str, str]
) -> None:
    told: list[list[str]] = []
    monkeypatch.setattr(sensors, "tell_failure", lambda _, sentences: told.append(list(sentences)) or [])
    result = failing_night.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
    failure = next(event for event in result.all_events if event.event_type_value == "PIPELINE_FAILURE")
    context = dg.build_run_status_sensor_context(
        sensor_name="night_failed",
        dagster_event=failure,
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    ).for_run_failure()
    skipped = sensors.night_failed(context)
    if tags:
        assert isinstance(skipped, dg.SkipReason)
        assert told == []
    else:
        assert told == [["units.csv, line 3: no such unit."]]


def test_a_good_run_is_told_with_its_release(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str, bool]] = []

    def tell(_: object, release: str, headline: str, *, is_new: bool) -> list[str]:
        told.append((release, headline, is_new))
        return ["The message could not be sent to address 1 (json)."]

    monkeypatch.setattr(sensors, "tell_success", tell)
    result = dg.materialize([a_release], instance=instance)
    success = next(event for event in result.all_events if event.event_type_value == "PIPELINE_SUCCESS")
    context = dg.build_run_status_sensor_context(
        sensor_name="night_succeeded",
        dagster_event=success,
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    )
    assert sensors.night_succeeded(context) is None
    assert told == [("2026-10-12-0001-0a1b2c3d", "A new release.", True)]


def test_the_sensors_watch_the_nightly_and_run_by_default() -> None:
    for sensor in (sensors.night_failed, sensors.night_succeeded):
        assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
