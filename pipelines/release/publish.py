"""Building a release beside the others, checking it, and switching readers to it in one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.release.columns import Table, described_tables
from pipelines.release.data_package import write_csvw, write_data_package
from pipelines.release.database import MARTS, export_database
from pipelines.release.errors import ReleaseError
from pipelines.release.flat_files import Export, export_csv, export_parquet
from pipelines.release.lineage import DbtArtifacts, write_docs
from pipelines.release.manifest import read_manifest, write_manifest
from pipelines.release.naming import (
    ReleaseName,
    catalog_hashes,
    combined_hash,
    existing_releases,
    file_hash,
)
from pipelines.release.published import (
    DRAFTED,
    PUBLISHED,
    Decision,
    Retention,
    current_release,
    moment,
    only_one,
    pending_draft,
    prune,
    remember,
    remove_folder,
    switch_current,
    taken_back,
)
from pipelines.release.report import write_report
from pipelines.release.sdmx import write_sdmx
from pipelines.release.verify import failures
from pipelines.release.workbook import write_workbook
from pipelines.settings import Location
from pipelines.warehouse.connection import connect, fetch_frame

BUILDING = ".building"
SITE = "site"
# What a release says about the one before is no content of its own: else rolling back would make
# the same figures look new.
NOT_CONTENT = frozenset({"mart_release_change"})
# Where no document was received there is no date to name a release by.
NO_DATE = date(1970, 1, 1)
ROWS_A_SHEET = 50_000

# Builds the pages of a release (its database, their folder, its name) while the block runs.
Pages = Callable[[Path, Path, str], AbstractContextManager[object]]


@dataclass(frozen=True)
class Publication:
    """What publishing did.

    ``is_new`` is false where the content was there already: as the current release, as a draft that
    waits (``is_draft``), or as one that somebody rolled back (``held_back`` says who). ``release`` is
    the one with this content; readers follow it unless it is a draft or held back.
    """

    release: str
    content_id: str
    is_new: bool
    rows: dict[str, int]
    removed: list[str] = field(default_factory=list)
    is_draft: bool = False
    held_back: str | None = None

    @property
    def headline(self) -> str:
        """What happened, in one sentence."""
        if self.held_back is not None:
            return self.held_back
        if self.is_draft:
            return (
                "A draft waits for approval: compare it with `hatangso release diff`, then"
                " `hatangso release approve draft --by NAME --note TEXT`."
            )
        return "A new release." if self.is_new else "The same content: no new release."


def publish(
    warehouse: Location,
    published_dir: Path,
    seeds_dir: Path,
    dbt: DbtArtifacts,
    versions: Mapping[str, str],
    retention: Retention,
    *,
    require_approval: bool = False,
    rows_a_sheet: int = ROWS_A_SHEET,
    pages: Pages | None = None,
) -> Publication:
    """Publish the marts of the warehouse as a release, unless there is one with the same content.

    Readers following ``current`` see the old release until the new one has passed every check,
    then the new one; with ``require_approval`` until somebody approves it. Content that was rolled
    back is not published again. ``pages`` builds the pages of a release from its database into ``site/``
    while the other files are written.
    Raises ``ReleaseError`` naming each failed check, or what the system refused; the old release stays.
    """
    with only_one(published_dir):
        building = published_dir / BUILDING
        remove_folder(building)
        building.mkdir()
        try:
            exports = export_csv(warehouse, building)
            catalog = catalog_hashes(seeds_dir)
            content_id = _content_id(building, exports, catalog)
            known = already_there(published_dir, content_id)
            if known is not None:
                return known
            name = _next_name(published_dir, warehouse, content_id)
            current = current_release(published_dir)
            tables = _described(exports, dbt.manifest)
            database = export_database(warehouse, building, dbt.manifest)
            with pages(database, building / SITE, str(name)) if pages else nullcontext():
                export_parquet(database, building)
                write_csvw(building, exports, tables)
                write_data_package(building, str(name), exports, tables)
                write_workbook(database, building, str(name), exports, tables, rows_a_sheet)
                write_sdmx(database, building, str(name), tables)
                write_docs(building, dbt)
                write_report(database, building, str(name), _documents_of(current))
            write_manifest(
                building,
                release=str(name),
                content_id=content_id,
                exports=exports,
                catalog=catalog,
                versions=versions,
                compared_with=current["release"] if current else None,
                needs_approval=require_approval,
            )
            wrong = failures(building, exports)
            if wrong:
                raise ReleaseError(" ".join(wrong))
            _protect(building)
            building.rename(published_dir / str(name))
            if not require_approval:
                switch_current(published_dir, str(name))
            _remember(published_dir, str(name), content_id, current, is_draft=require_approval)
        except (ReleaseError, OSError) as error:
            # An error of the system, such as a full disk, names its file.
            sentence = f"No release was published, the one before stays: {error}"
            raise ReleaseError(sentence) from error
        finally:
            remove_folder(building)
        removed = prune(published_dir, retention)
    rows = {export.table: export.rows for export in exports}
    return Publication(str(name), content_id, True, rows, removed, is_draft=require_approval)


def _content_id(building: Path, exports: Sequence[Export], catalog: Mapping[str, str]) -> str:
    """The hash of what a release says: its marts as CSV, and the catalog they were judged by."""
    hashes = {
        export.csv: file_hash(building / export.csv) for export in exports if export.table not in NOT_CONTENT
    }
    return combined_hash({**hashes, "catalog": combined_hash(catalog)})


def already_there(published_dir: Path, content_id: str) -> Publication | None:
    """What to say of a content that is current, waits for approval, or was rolled back; else None."""

    def told(release: str, manifest: Mapping[str, Any] | None, **more: Any) -> Publication:
        tables = manifest["tables"] if manifest else []
        rows = {table["table"]: table["rows"] for table in tables}
        return Publication(release, content_id, is_new=False, rows=rows, **more)

    current = current_release(published_dir)
    if current is not None and current["content_id"] == content_id:
        return told(current["release"], current)
    decision = taken_back(published_dir).get(content_id)
    if decision is not None:
        who = f" by {decision.by}" if decision.by else ""
        sentence = (
            f"The figures are those of {decision.release}, which was rolled back{who} on {decision.at[:10]}:"
            f" they are not published again. Mend what was wrong, or run"
            f" `hatangso release approve {decision.release}`."
        )
        return told(decision.release, read_manifest(published_dir / decision.release), held_back=sentence)
    draft = pending_draft(published_dir)
    if draft is not None and draft["content_id"] == content_id:
        return told(draft["release"], draft, is_draft=True)
    return None


def _described(exports: Sequence[Export], manifest: Path) -> dict[str, Table]:
    """The description of every exported mart. Raises ``ReleaseError`` for one that dbt does not describe."""
    tables = described_tables(manifest, MARTS)
    unknown = [export.table for export in exports if export.table not in tables]
    if unknown:
        sentence = f"dbt does not describe marts.{', marts.'.join(unknown)}."
        raise ReleaseError(sentence)
    return tables


def _documents_of(manifest: Mapping[str, Any] | None) -> list[str]:
    return [document["document_id"] for document in manifest["documents"]] if manifest else []


def _protect(folder: Path) -> None:
    """Take the right to write from every file: a release does not change."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)


def _remember(
    published_dir: Path, release: str, content_id: str, current: Mapping[str, Any] | None, *, is_draft: bool
) -> None:
    before = str(current["release"]) if current else None
    event, now_current = (DRAFTED, before) if is_draft else (PUBLISHED, release)
    remember(published_dir, Decision(moment(), event, release, content_id, now_current))


def _next_name(published_dir: Path, warehouse: Location, content_id: str) -> ReleaseName:
    with connect(warehouse, read_only=True) as connection:
        latest = fetch_frame(connection, "select max(received_at)::date as latest from raw.documents").item()
    existing = existing_releases(published_dir)
    number = max((name.number for name in existing), default=0) + 1
    return ReleaseName(number, latest or NO_DATE, content_id)
