"""Resources: the dbt program, as installed beside this Python."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from pipelines.settings import Lake, Settings, get_settings
from pipelines.warehouse.connection import install_extensions


class LocalDbt(DbtCliResource):
    """The dbt of this environment.

    Dagster asks a dbt program for its version by running it, which takes seconds and looks for
    newer versions on the network; and opens an adapter of its own, which nothing here uses.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Any) -> Any:  # noqa: ARG002 - Dagster calls it with its arguments
        return None


def dbt_resource(settings: Settings) -> LocalDbt:
    """Dbt on the warehouse of these settings: the environment is where its profile finds what it opens."""
    os.environ |= dbt_environment(settings)
    return LocalDbt(
        project_dir=str(settings.dbt_project_dir),
        profiles_dir=str(settings.dbt_project_dir),
        target=settings.warehouse_target,
        # Not found by name when the environment is not activated.
        dbt_executable=str(Path(sys.executable).parent / "hatangso-dbt"),
        # Its log at the default level grows by ten megabytes a night.
        global_config_flags=["--no-use-colors", "--log-level-file", "info"],
    )


def dbt_environment(settings: Settings) -> dict[str, str]:
    """The variables that dbt_project/profiles.yml reads; dbt keeps a DBT_ENV_SECRET_ out of its logs."""
    warehouse = settings.warehouse
    environment = {
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # dbt takes the folders of its project relative to it.
        "HATANGSO_DBT_SEED_PATH": os.path.relpath(settings.seeds_dir, settings.dbt_project_dir),
    }
    if isinstance(warehouse, Lake):
        install_extensions(warehouse)
        return environment | {
            "DBT_ENV_SECRET_LAKE_CATALOG": warehouse.catalog,
            "HATANGSO_LAKE_DATA": warehouse.data,
            "HATANGSO_DUCKDB_EXTENSIONS": str(warehouse.extensions),
        }
    return environment | {
        "HATANGSO_WAREHOUSE": str(warehouse),
        "HATANGSO_WAREHOUSE_MEMORY_MIB": str(settings.warehouse_memory_mib),
    }


@dg.definitions
def resources() -> dg.Definitions:
    """The dbt resource."""
    return dg.Definitions(resources={"dbt": dbt_resource(get_settings())})
