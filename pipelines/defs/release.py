"""The release as an asset."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.presentation import sentences
from pipelines.night import publish_release
from pipelines.settings import get_settings


@dg.asset(deps=["dbt_docs"], group_name="release", kinds={"duckdb", "csv", "parquet"})
def release() -> dg.MaterializeResult[None]:
    """One complete, consistent published set: database, files, documentation, report.

    Readers are switched to it in one step, after every check; the same content makes no new release.
    """
    with sentences():
        publication = publish_release(get_settings())
    settings = get_settings()
    return dg.MaterializeResult(
        metadata={
            "release": publication.release,
            "new": publication.is_new,
            "content_id": publication.content_id,
            "folder": dg.MetadataValue.path(settings.published_dir / publication.release),
            "removed": dg.MetadataValue.json(publication.removed),
            "rows": dg.MetadataValue.json(publication.rows),
            "report": dg.MetadataValue.md(
                (settings.current_release / "report.md").read_text(encoding="utf-8")
            ),
        }
    )
