"""Resources: the dbt program, as installed beside this Python."""

from __future__ import annotations

import os
from functools import cached_property
from importlib.metadata import version
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from pipelines.night.dbt_project import DBT, dbt_environment
from pipelines.settings import Settings, get_settings


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
        dbt_executable=str(DBT),
    )


@dg.definitions
def resources() -> dg.Definitions:
    """The dbt resource."""
    return dg.Definitions(resources={"dbt": dbt_resource(get_settings())})
