"""The dbt project as assets, and its documentation page."""

import contextlib
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from pipelines.dbt_program import DOCUMENT, DOCUMENTATION
from pipelines.defs.presentation import sentences
from pipelines.night import StageError, begin_drawing, dbt_failures, documentation_page, is_released
from pipelines.night.dbt_project import (
    is_catalog_built,
    is_documented,
    is_unit_tested,
    note_catalog_built,
    note_unit_tested,
    parsed_manifest,
    told_by_dbt,
)
from pipelines.settings import Settings, get_settings
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.load import models_at_once

REFERENCE = "reference"
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
# Without the tables of the catalog and the tests that ask nothing else: that is what cautious means.
WITHOUT_CATALOG = ("--exclude", "resource_type:seed", "--indirect-selection", "cautious")


class LayerTranslator(DagsterDbtTranslator):
    """Groups the dbt assets by layer and ties the seeds to the catalog they are read from."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: the models' folder; seeds have none of their own."""
        if dbt_resource_props["resource_type"] == "seed":
            return REFERENCE
        return str(dbt_resource_props["fqn"][1])

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The asset of a dbt node; a seed comes after the check of the catalog."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        if self.get_resource_props(manifest, unique_id)["resource_type"] == "seed":
            return spec.replace_attributes(deps=[*spec.deps, dg.AssetDep("catalog")])
        return spec


def prepared_project(settings: Settings) -> DbtProject:
    """The dbt project with a manifest no older than its files.

    Dagster prepares a project by itself only under its development tools.
    """
    parsed_manifest(settings)
    return DbtProject(
        project_dir=settings.dbt_project_dir,
        profiles_dir=settings.dbt_project_dir,
        target_path=settings.dbt_target_dir,
    )


PROJECT = prepared_project(get_settings())


@dbt_assets(
    manifest=PROJECT.manifest_path,
    project=PROJECT,
    name="dbt_build",
    dagster_dbt_translator=LayerTranslator(),
)
def dbt_models(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
    """Seeds, models and tests of dbt, in one build; a failing test stops what comes after it.

    Unit tests are among them where the project has changed since they last passed: their input is part of it. The
    catalog is, with its tests, where it or the project has changed since.
    """
    settings = get_settings()
    target = settings.dbt_target_dir
    if is_released(settings):
        # Raw tables, catalog, project and programs are those of the current release: so are the marts.
        for key in TopologicalSorter(context.assets_def.asset_deps).static_order():
            if key in context.selected_asset_keys:
                yield dg.MaterializeResult(asset_key=key, metadata={"unchanged": True})
        return
    # Of a part of the project, chosen in Dagster, all is built and nothing is remembered.
    is_whole = not context.is_subset
    tested, has_catalog = is_unit_tested(settings), is_whole and is_catalog_built(settings)
    if has_catalog:
        yield from (
            dg.MaterializeResult(asset_key=key, metadata={"unchanged": True})
            for key in sorted(context.selected_asset_keys)
            if context.assets_def.group_names_by_key[key] == REFERENCE
        )
    else:
        with sentences():
            note_catalog_built(settings, built=False)
    command = [
        "build",
        DOCUMENT,
        *("--threads", str(models_at_once(settings.warehouse))),
        *(WITHOUT_UNIT_TESTS if tested else ()),
        *(WITHOUT_CATALOG if has_catalog else ()),
    ]
    if is_whole:
        begin_drawing()
    invocation = dbt.cli(command, context=context, target_path=target, raise_on_error=False)
    try:
        yield from invocation.stream()
    finally:
        # A dbt left behind would hold the warehouse against the next night.
        if invocation.process.poll() is None:
            invocation.process.terminate()
            invocation.process.wait()
    if not invocation.is_successful():
        with contextlib.suppress(WarehouseError):
            # Perhaps the catalog is there no more.
            note_catalog_built(settings, built=False)
        with sentences():
            sentence = " ".join(dbt_failures(target)) or told_by_dbt(target, "dbt build failed")
            raise StageError(sentence)
    with sentences():
        if is_whole and not has_catalog:
            note_catalog_built(settings, built=True)
        if is_whole and not tested:
            note_unit_tested(settings)


@dg.asset(
    name="dbt_docs",
    deps=[dbt_models],
    group_name="release",
    kinds={"html"},
)
def dbt_docs(dbt: DbtCliResource) -> dg.MaterializeResult[None]:
    """One page that documents every table and column, with the lineage from raw documents to marts."""
    settings = get_settings()
    target = settings.dbt_target_dir
    if is_released(settings):
        return dg.MaterializeResult(metadata={"unchanged": True})
    # Where this step runs alone, or dbt could not write it after the build.
    if not is_documented(target):
        invocation = dbt.cli(list(DOCUMENTATION), target_path=target, raise_on_error=False).wait()
        with sentences():
            if not invocation.is_successful():
                raise StageError(told_by_dbt(target, "dbt could not write its documentation"))
    page = documentation_page(settings)
    return dg.MaterializeResult(
        metadata={"page": dg.MetadataValue.path(page), "bytes": page.stat().st_size},
    )
