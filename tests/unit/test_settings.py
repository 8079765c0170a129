"""Settings: where everything is, and what the environment may change."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines.settings import find_home, get_settings


def test_home_holds_the_dbt_project() -> None:
    assert (find_home() / "dbt_project").is_dir()


def test_paths_lie_below_home_by_default() -> None:
    settings = get_settings()
    assert settings.raw_dir == settings.home / "data" / "raw"
    assert settings.warehouse == settings.home / "data" / "work" / "warehouse.duckdb"
    assert settings.current_release == settings.home / "data" / "published" / "current"


def test_environment_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HATANGSO_HOME", str(tmp_path))
    monkeypatch.setenv("HATANGSO_WORK_DIR", "elsewhere")
    monkeypatch.setenv("HATANGSO_RAW_DIR", str(tmp_path / "inbox"))
    monkeypatch.setenv("HATANGSO_KEEP_RELEASES", "3")
    settings = get_settings()
    assert settings.work_dir == tmp_path / "elsewhere"
    assert settings.raw_dir == tmp_path / "inbox"
    assert settings.stages_dir == tmp_path / "elsewhere" / "stages"
    assert settings.keep_releases == 3


def test_all_paths_are_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HATANGSO_HOME", ".")
    settings = get_settings()
    for path in (
        settings.home,
        settings.raw_dir,
        settings.warehouse,
        settings.dbt_target_dir,
        settings.dagster_home,
    ):
        assert path.is_absolute()


def test_no_release_may_be_kept_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATANGSO_KEEP_RELEASES", "0")
    with pytest.raises(ValidationError, match="keep_releases"):
        get_settings()
