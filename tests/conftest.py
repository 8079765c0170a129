"""What holds for every test: no setting of the machine, no telemetry, repeatable random cases, no silent skip;
and the one real night that tests of the pipeline and of its pages share.

Fixtures of one kind of test stand beside those tests, not here.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import hypothesis
import pytest

from pipelines.settings import get_settings
from tests.integration.running import Night, run

NO_SKIP = "HATANGSO_NO_SKIP"
SKIPS_FAIL = os.environ.get(NO_SKIP, "") not in ("", "0")

# A HATANGSO_RAW_DIR of the person who runs the tests must not lead them to that person's documents.
for name in [name for name in os.environ if name.startswith("HATANGSO_") and name != NO_SKIP]:
    del os.environ[name]
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
os.environ["DO_NOT_TRACK"] = "1"

# The same cases every time; no deadline, because a slow machine is no failure.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable")


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that keeps the skip's reason; an expected failure (xfail) stays one."""
    if not SKIPS_FAIL or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{reason}\n{NO_SKIP} is set: a skipped test counts as failed."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge a test that skipped itself."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge a whole file that skipped itself."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The nightly on the sample documents, in folders of its own."""
    folder = tmp_path_factory.mktemp("night")
    environment = {
        "HATANGSO_WORK_DIR": str(folder / "work"),
        "HATANGSO_PUBLISHED_DIR": str(folder / "published"),
    }
    done = run("nightly", environment=environment)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        settings = get_settings()
    return Night(settings, environment, done.returncode, done.stdout, done.stderr)
