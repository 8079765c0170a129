"""The dbt project as assets, and its documentation page."""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from pipelines.defs.presentation import sentences
from pipelines.defs.resources import dbt_resource
from pipelines.night import StageError, dbt_errors, dbt_failures, documentation_page, is_released
from pipelines.settings import Settings, get_settings
from pipelines.warehouse.load import models_at_once


class LayerTranslator(DagsterDbtTranslator):
    """Groups the dbt assets by layer and ties the seeds to the catalog they are read from."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: the models' folder; seeds have none of their own."""
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
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
    """The dbt project with a manifest no older than its files; parsed anew only where needed.

    Dagster prepares a project by itself only under its development tools.
    """
    project = DbtProject(
        project_dir=settings.dbt_project_dir,
        profiles_dir=settings.dbt_project_dir,
        target_path=settings.dbt_target_dir,
    )
    if _is_stale(project.manifest_path, settings):
        settings.dbt_target_dir.mkdir(parents=True, exist_ok=True)
        dbt = dbt_resource(settings)
        invocation = dbt.cli(["parse"], target_path=settings.dbt_target_dir, raise_on_error=False).wait()
        if not invocation.is_successful():
            raise StageError(_told_by_dbt(settings.dbt_target_dir, "The dbt project cannot be read"))
    return project


def _told_by_dbt(target: Path, what: str) -> str:
    return f"{what}: {' '.join(dbt_errors(target)) or 'see the log of the night'}"


def _is_stale(manifest: Path, settings: Settings) -> bool:
    if not manifest.is_file():
        return True
    made = manifest.stat().st_mtime
    sources = [
        path
        for folder in (settings.dbt_project_dir, settings.seeds_dir)
        for path in folder.rglob("*")
        if path.suffix in {".sql", ".yml", ".csv", ".md"}
    ]
    return any(path.stat().st_mtime >= made for path in sources)


PROJECT = prepared_project(get_settings())


@dbt_assets(
    manifest=PROJECT.manifest_path,
    project=PROJECT,
    name="dbt_build",
    dagster_dbt_translator=LayerTranslator(),
)
def dbt_models(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
    """Seeds, models and tests of dbt, in one build; a failing test stops what comes after it."""
    settings = get_settings()
    target = settings.dbt_target_dir
    if is_released(settings):
        # Raw tables, catalog, project and programs are those of the current release: so are the marts.
        for key in TopologicalSorter(context.assets_def.asset_deps).static_order():
            if key in context.selected_asset_keys:
                yield dg.MaterializeResult(asset_key=key, metadata={"unchanged": True})
        return
    command = ["build", "--threads", str(models_at_once(settings.warehouse))]
    invocation = dbt.cli(command, context=context, target_path=target, raise_on_error=False)
    try:
        yield from invocation.stream()
    finally:
        # A dbt left behind would hold the warehouse against the next night.
        if invocation.process.poll() is None:
            invocation.process.terminate()
            invocation.process.wait()
    if not invocation.is_successful():
        with sentences():
            sentence = " ".join(dbt_failures(target)) or _told_by_dbt(target, "dbt build failed")
            raise StageError(sentence)


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
    # The build has compiled everything already.
    command = ["docs", "generate", "--static", "--no-compile"]
    invocation = dbt.cli(command, target_path=target, raise_on_error=False).wait()
    with sentences():
        if not invocation.is_successful():
            raise StageError(_told_by_dbt(target, "dbt could not write its documentation"))
    page = documentation_page(settings)
    return dg.MaterializeResult(
        metadata={"page": dg.MetadataValue.path(page), "bytes": page.stat().st_size},
    )
