"""The released pages of the sample, a real browser, and a place for its pictures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from pipelines.settings import find_home
from tests.browser.driving import FLAGS, served
from tests.integration.running import Night


@pytest.fixture(scope="session")
def site(night: Night) -> Path:
    """The pages of the night's release, which stand beside its dbt docs."""
    assert night.exit_code == 0, night.errors
    return night.settings.current_release.resolve() / "site"


@pytest.fixture(scope="session")
def web(site: Path) -> Iterator[str]:
    """Address of the release on a web server of this machine, for as long as the tests run."""
    with served(site.parent) as address:
        yield f"{address}/site"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where pictures of pages are kept for people to look at; not in git."""
    folder = find_home() / "data" / "work" / "test-artefacts" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
