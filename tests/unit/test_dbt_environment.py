"""What the night tells dbt, and when it has dbt parse the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.night.dbt_project import dbt_environment, parsed_manifest
from pipelines.settings import get_settings


def test_dbt_reads_the_catalog_that_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HATANGSO_SEEDS_DIR", str(tmp_path / "seeds"))
    settings = get_settings()

    seeds = dbt_environment(settings)["HATANGSO_DBT_SEED_PATH"]

    assert (settings.dbt_project_dir / seeds).resolve() == (tmp_path / "seeds").resolve()
    assert not Path(seeds).is_absolute()


def test_half_a_manifest_is_written_anew_and_a_whole_one_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HATANGSO_WORK_DIR", str(tmp_path))
    settings = get_settings()
    settings.dbt_target_dir.mkdir(parents=True)
    manifest = settings.dbt_target_dir / "manifest.json"
    # As a night leaves it that is killed while dbt writes.
    manifest.write_text('{"nodes": {"model.hatangso.fct_obs')

    assert parsed_manifest(settings) == manifest
    whole = manifest.read_bytes()
    assert "model.hatangso.fct_observation" in json.loads(whole)["nodes"]

    parsed_manifest(settings)
    assert manifest.read_bytes() == whole
