"""The release as an asset."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.presentation import sentences
from pipelines.night import publish_release
from pipelines.release.report import REPORT_MD
from pipelines.settings import get_settings


@dg.asset(deps=["dbt_docs"], group_name="release", kinds={"duckdb", "csv", "parquet"})
def release() -> dg.MaterializeResult[None]:
    """One complete, consistent published set: database, files, documentation, report.

    Readers are switched to it in one step, after every check and, where the settings ask for it, once
    somebody has approved it; the same content makes no new release.
    """
    with sentences():
        publication = publish_release(get_settings())
    folder = get_settings().published_dir / publication.release
    report = folder / REPORT_MD
    return dg.MaterializeResult(
        metadata={
            "release": publication.release,
            "new": publication.is_new,
            "draft": publication.is_draft,
            "held_back": publication.held_back is not None,
            "headline": publication.headline,
            "content_id": publication.content_id,
            "folder": dg.MetadataValue.path(folder),
            "removed": dg.MetadataValue.json(publication.removed),
            "rows": dg.MetadataValue.json(publication.rows),
            "report": dg.MetadataValue.md(
                # Gone where the release was rolled back and removed since.
                report.read_text(encoding="utf-8") if report.is_file() else ""
            ),
        }
    )
