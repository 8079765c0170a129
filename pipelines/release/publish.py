"""Building a release beside the others, checking it, and switching readers to it in one step."""

from __future__ import annotations

import importlib
import importlib.util
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.release.errors import ReleaseError
from pipelines.release.export import Export, export_database, export_marts
from pipelines.release.naming import (
    ReleaseName,
    catalog_hashes,
    combined_hash,
    existing_releases,
    file_hash,
)
from pipelines.release.report import write_report
from pipelines.release.verify import failures
from pipelines.warehouse.connection import connect, fetch_frame

CURRENT = "current"
BUILDING = ".building"
NEXT_LINK = ".current-next"
DOCS_PAGE = "docs/index.html"
# Where no document was received there is no date to name a release by.
NO_DATE = date(1970, 1, 1)


@dataclass(frozen=True)
class Publication:
    """What publishing did. ``is_new`` is false where the content was that of the current release already."""

    release: str
    content_id: str
    is_new: bool
    rows: dict[str, int]
    removed: list[str]


def publish(
    warehouse: Path,
    published_dir: Path,
    seeds_dir: Path,
    docs_page: Path,
    versions: Mapping[str, str],
    keep_releases: int,
) -> Publication:
    """Publish the marts of the warehouse as a release, unless the current one has the same content.

    Readers following ``current`` see the old release until the new one has passed every check,
    then the new one. Raises ``ReleaseError`` naming each failed check; the old release stays.
    """
    published_dir.mkdir(parents=True, exist_ok=True)
    building = published_dir / BUILDING
    _remove(building)
    building.mkdir()
    try:
        database = export_database(warehouse, building)
        exports = export_marts(database, building)
        hashes = {
            path: file_hash(building / path) for export in exports for path in (export.csv, export.parquet)
        }
        catalog = catalog_hashes(seeds_dir)
        csv_hashes = {export.csv: hashes[export.csv] for export in exports}
        content_id = combined_hash({**csv_hashes, "catalog": combined_hash(catalog)})
        rows = {export.table: export.rows for export in exports}
        current = current_release(published_dir)
        if current is not None and current.get("content_id") == content_id:
            return Publication(str(current["release"]), content_id, is_new=False, rows=rows, removed=[])
        name = _next_name(published_dir, database, content_id)
        (building / DOCS_PAGE).parent.mkdir()
        if docs_page.is_file():
            shutil.copyfile(docs_page, building / DOCS_PAGE)
        write_report(database, building / "report.md", str(name))
        build_pages(database, building / "site", str(name))
        _write_manifest(building, str(name), content_id, exports, hashes, catalog, versions)
        wrong = failures(building, exports, DOCS_PAGE)
        if wrong:
            raise ReleaseError(" ".join(wrong))
        target = published_dir / str(name)
        building.rename(target)
        switch_current(published_dir, str(name))
    except ReleaseError as error:
        sentence = f"No release was published, the one before stays: {error}"
        raise ReleaseError(sentence) from error
    finally:
        _remove(building)
    removed = prune(published_dir, keep_releases)
    return Publication(str(name), content_id, is_new=True, rows=rows, removed=removed)


def build_pages(database: Path, folder: Path, release: str) -> None:
    """The pages of a release, from its own database; none where this installation has no pages."""
    if importlib.util.find_spec("pipelines.release.site") is not None:
        importlib.import_module("pipelines.release.site.build").build_site(database, folder, release=release)


def current_release(published_dir: Path) -> dict[str, Any] | None:
    """The manifest of the current release; None where there is none that can be read."""
    try:
        manifest = json.loads((published_dir / CURRENT / "MANIFEST.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and "release" in manifest else None


def switch_current(published_dir: Path, release: str) -> None:
    """Point ``current`` at a release, in one step of the file system."""
    link = published_dir / CURRENT
    if link.exists() and not link.is_symlink():
        sentence = f"{link}: this must be a link to a release; move the folder away and run again."
        raise ReleaseError(sentence)
    following = published_dir / NEXT_LINK
    following.unlink(missing_ok=True)
    following.symlink_to(release, target_is_directory=True)
    following.replace(link)


def prune(published_dir: Path, keep_releases: int) -> list[str]:
    """Remove the oldest releases beyond the number to keep, never the current one; returns their names."""
    link = published_dir / CURRENT
    current = link.readlink().name if link.is_symlink() else None
    names = [str(name) for name in existing_releases(published_dir)]
    beyond = [name for name in names if name != current]
    surplus = max(0, len(names) - keep_releases)
    removed = beyond[:surplus]
    for name in removed:
        _remove(published_dir / name)
    return removed


def _next_name(published_dir: Path, database: Path, content_id: str) -> ReleaseName:
    with connect(database, read_only=True) as connection:
        latest = fetch_frame(connection, "select max(received_at)::date as latest from raw.documents").item()
    existing = existing_releases(published_dir)
    number = max((name.number for name in existing), default=0) + 1
    return ReleaseName(number, latest or NO_DATE, content_id)


def _write_manifest(
    folder: Path,
    release: str,
    content_id: str,
    exports: Sequence[Export],
    hashes: Mapping[str, str],
    catalog: Mapping[str, str],
    versions: Mapping[str, str],
) -> None:
    with connect(folder / "warehouse.duckdb", read_only=True) as connection:
        documents = fetch_frame(
            connection,
            "select document_id, path, sidecar_id, status, reader_version, extractor_version"
            " from raw.documents order by path, document_id",
        )
    manifest = {
        "release": release,
        "content_id": content_id,
        "catalog_id": combined_hash(catalog),
        "versions": dict(sorted(versions.items())),
        "tables": [asdict(export) for export in exports],
        "files": {
            path: {"sha256": sha256, "bytes": (folder / path).stat().st_size}
            for path, sha256 in sorted(hashes.items())
        },
        "catalog": dict(sorted(catalog.items())),
        "documents": documents.to_dicts(),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / "MANIFEST.json").write_text(text, encoding="utf-8")


def _remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
