"""What the night tells dbt: the warehouse and the catalog that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.night.dbt_project import dbt_environment
from pipelines.settings import get_settings


def test_dbt_reads_the_catalog_that_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HATANGSO_SEEDS_DIR", str(tmp_path / "seeds"))
    settings = get_settings()

    seeds = dbt_environment(settings)["HATANGSO_DBT_SEED_PATH"]

    assert (settings.dbt_project_dir / seeds).resolve() == (tmp_path / "seeds").resolve()
    assert not Path(seeds).is_absolute()
