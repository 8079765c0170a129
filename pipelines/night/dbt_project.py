"""The dbt project before a night builds it: what its profile reads, its manifest, and whether its logic was tested.

Each depends on the project and not on the documents, so it is done when the project has changed. dbt runs in a
process of its own; building the marts is the business of pipelines.defs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from pipelines.night.dbt import dbt_errors
from pipelines.night.errors import StageError
from pipelines.night.versions import catalog_logic, dbt_logic
from pipelines.settings import Lake, Settings
from pipelines.warehouse.connection import install_extensions
from pipelines.warehouse.memory import CATALOG_BUILT, UNIT_TESTED, read_marks, set_marks

DBT = Path(sys.executable).parent / "hatangso-dbt"
MANIFEST = "manifest.json"
PAGE = "static_index.html"

# By the folder of its manifest: a project that is being parsed now.
_parsing: dict[Path, subprocess.Popen[bytes]] = {}


def dbt_environment(settings: Settings) -> dict[str, str]:
    """What dbt_project/profiles.yml reads, and dbt's own options; dbt keeps a DBT_ENV_SECRET_ out of its logs."""
    warehouse = settings.warehouse
    environment = {
        "DBT_TARGET": settings.warehouse_target,
        "DBT_USE_COLORS": "false",
        # At the default level the log grows by ten megabytes a night.
        "DBT_LOG_LEVEL_FILE": "info",
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


def begin_parsing(settings: Settings) -> None:
    """Have dbt parse a project that has changed, while this process goes on; ``parsed_manifest`` waits for it."""
    target = settings.dbt_target_dir
    if target in _parsing or not _is_stale(target / MANIFEST, settings):
        return
    target.mkdir(parents=True, exist_ok=True)
    told = dbt_environment(settings) | {
        "DBT_PROJECT_DIR": str(settings.dbt_project_dir),
        "DBT_PROFILES_DIR": str(settings.dbt_project_dir),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
        "DBT_LOG_FORMAT": "json",
    }
    _parsing[target] = subprocess.Popen(  # noqa: S603 -- the program beside this Python
        [DBT, "parse"],
        env=os.environ | told,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def parsed_manifest(settings: Settings) -> Path:
    """The manifest of the project as it is now; parsed anew only where it has changed.

    Raises ``StageError`` with what dbt says where the project cannot be read.
    """
    begin_parsing(settings)
    target = settings.dbt_target_dir
    parsing = _parsing.pop(target, None)
    if parsing is not None and parsing.wait():
        raise StageError(told_by_dbt(target, "The dbt project cannot be read"))
    return target / MANIFEST


def told_by_dbt(target: Path, what: str) -> str:
    """What failed, and what dbt said of it in its log."""
    return f"{what}: {' '.join(dbt_errors(target)) or 'see the log of the night'}"


def is_documented(target: Path) -> bool:
    """Whether dbt has written its documentation page since it last ran the project."""
    page, results = target / PAGE, target / "run_results.json"
    return page.is_file() and results.is_file() and page.stat().st_mtime >= results.stat().st_mtime


def is_unit_tested(settings: Settings) -> bool:
    """Whether dbt's unit tests have passed in this warehouse with the project and the programs as they are now."""
    return read_marks(settings.warehouse).get(UNIT_TESTED) == dbt_logic(settings)


def is_catalog_built(settings: Settings) -> bool:
    """Whether this warehouse holds the catalog as it is now, tested with the project and the programs as they are now."""
    return read_marks(settings.warehouse).get(CATALOG_BUILT) == catalog_logic(settings)


def note_catalog_built(settings: Settings, *, built: bool) -> None:
    """Remember that the tables of the catalog are those of its files and passed their tests; or that they may not be.

    The latter before they are built: a night that is killed then leaves tables of two catalogs.
    """
    set_marks(settings.warehouse, {CATALOG_BUILT: catalog_logic(settings) if built else ""})


def note_unit_tested(settings: Settings) -> None:
    """Remember that dbt's unit tests have passed: their input is written in the project, so they would again."""
    set_marks(settings.warehouse, {UNIT_TESTED: dbt_logic(settings)})


def _is_stale(manifest: Path, settings: Settings) -> bool:
    try:
        made = manifest.stat().st_mtime
        # A dbt that was killed may leave half of it.
        json.loads(manifest.read_bytes())
    except (OSError, ValueError):
        return True
    sources = [
        path
        for folder in (settings.dbt_project_dir, settings.seeds_dir)
        for path in folder.rglob("*")
        if path.suffix in {".sql", ".yml", ".csv", ".md"}
    ]
    return any(path.stat().st_mtime >= made for path in sources)
