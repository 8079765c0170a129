"""One real night for all tests of this folder, and empty folders for tests of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import Settings, get_settings
from tests.integration.running import Night, run


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


@pytest.fixture
def empty_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with an empty raw, work and published folder, and the project's own catalog."""
    for name in ("raw", "work", "published"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(tmp_path / name))
    (tmp_path / "raw").mkdir()
    return get_settings()
