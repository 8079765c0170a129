"""Empty folders for tests of their own. The one real night that tests share stands in tests/conftest.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import Settings, get_settings


@pytest.fixture
def empty_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with an empty raw, work and published folder, and the project's own catalog."""
    for name in ("raw", "work", "published"):
        monkeypatch.setenv(f"HATANGSO_{name.upper()}_DIR", str(tmp_path / name))
    (tmp_path / "raw").mkdir()
    return get_settings()
