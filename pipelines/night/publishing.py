"""The last stage: documentation and marts as a release, where anything has changed."""

from __future__ import annotations

from pathlib import Path

from pipelines.night.versions import program_versions, released_from
from pipelines.release.publish import Publication, current_release, publish
from pipelines.settings import Settings
from pipelines.warehouse.memory import RELEASED_FROM, read_marks, set_marks
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


def is_released(settings: Settings) -> bool:
    """Whether the current release was made from just what there is now, so that nothing needs to be built."""
    mark = read_marks(settings.warehouse).get(RELEASED_FROM)
    return mark is not None and mark == _released_mark(settings)


def publish_release(settings: Settings) -> Publication:
    """Publish the marts when they differ from the current release, and move the released cells on.

    Where nothing has changed since the current release was made, it is left as it is and nothing is compared.
    """
    current = current_release(settings.published_dir)
    if current is not None and is_released(settings):
        rows = {table["table"]: table["rows"] for table in current["tables"]}
        return Publication(current["release"], current["content_id"], is_new=False, rows=rows, removed=[])
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
    set_marks(settings.warehouse, {RELEASED_FROM: _released_mark(settings)})
    return publication


def _released_mark(settings: Settings) -> str:
    current = current_release(settings.published_dir) or {}
    return f"{current.get('release')} from {released_from(settings)}"
