"""The last stage: documentation and marts as a release, with the versions of all that made it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipelines.extraction.extract import extractor_version
from pipelines.reading.read import READER_VERSION
from pipelines.release.publish import Publication, publish
from pipelines.settings import Settings
from pipelines.warehouse.released_cells import rotate_released_cells

DOCS_PAGE = "documentation.html"


def documentation_page(settings: Settings) -> Path:
    """The page that dbt wrote, with the paths of this machine taken out of it, since it is published."""
    page = settings.dbt_target_dir / "static_index.html"
    text = page.read_text(encoding="utf-8")
    for folder, shown in (
        (settings.dbt_target_dir, "target"),
        (settings.work_dir, "data/work"),
        (settings.home, "."),
    ):
        text = text.replace(str(folder), shown)
    target = settings.dbt_target_dir / DOCS_PAGE
    target.write_text(text, encoding="utf-8")
    return target


def publish_release(settings: Settings) -> Publication:
    """Publish the marts when they differ from the current release, and move the released cells on."""
    publication = publish(
        warehouse=settings.warehouse,
        published_dir=settings.published_dir,
        seeds_dir=settings.seeds_dir,
        docs_page=settings.dbt_target_dir / DOCS_PAGE,
        versions=program_versions(settings),
        keep_releases=settings.keep_releases,
    )
    # Also without a new release: the night that published it may have ended before this step.
    rotate_released_cells(settings.warehouse)
    return publication


def program_versions(settings: Settings) -> dict[str, str]:
    """Versions of all that has a part in a release's content."""
    packages = ("hatangso", "duckdb", "dbt-core", "dbt-duckdb", "polars")
    return {
        "reader": READER_VERSION,
        "extractor": extractor_version(settings.seeds_dir),
        **{package: _version(package) for package in packages},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
