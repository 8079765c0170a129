"""The last stage: documentation and marts as a release, where anything has changed."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pipelines.night.dbt_project import PAGE
from pipelines.night.handover import unfinished_mark
from pipelines.night.versions import code_version, program_versions, released_from
from pipelines.orphans import begin_worker, end_workers_at_once
from pipelines.release.errors import ReleaseError
from pipelines.release.lineage import DbtArtifacts
from pipelines.release.publish import Publication, already_there, publish
from pipelines.release.published import Retention
from pipelines.release.site import charts
from pipelines.release.site.build import SiteSummary, build_site
from pipelines.settings import Lake, Settings
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.lake import mark_release, remove_old_snapshots
from pipelines.warehouse.memory import RELEASED_FROM, read_marks, set_marks

DOCS_PAGE = "documentation.html"
# Errors whose sentence says all.
TOLD = (ReleaseError, WarehouseError)
# The process that waits for pages to draw: at most one.
_waiting: list[ProcessPoolExecutor] = []


def documentation_page(settings: Settings) -> Path:
    """The page that dbt wrote, with the paths of this machine taken out of it, since it is published."""
    page = settings.dbt_target_dir / PAGE
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


def dbt_artifacts(settings: Settings) -> DbtArtifacts:
    """What dbt's last build and documentation left behind."""
    target = settings.dbt_target_dir
    return DbtArtifacts(target / "manifest.json", target / "catalog.json", target / DOCS_PAGE)


def is_released(settings: Settings) -> bool:
    """Whether what there is now was made a release already, so that nothing needs to be built."""
    return released_before(settings) is not None


def released_before(settings: Settings) -> Publication | None:
    """The release that was made from just what there is now: current, a draft that waits, or rolled back."""
    content_id, _, made_from = read_marks(settings.warehouse).get(RELEASED_FROM, "").partition(" from ")
    if not made_from or made_from != released_from(settings):
        return None
    return already_there(settings.published_dir, content_id)


def publish_release(settings: Settings) -> Publication:
    """Publish the marts when they differ from the current release, or leave them as a draft to approve.

    Where nothing has changed since, that release is left as it is and nothing is compared.
    """
    publication = released_before(settings) or _published(settings)
    unfinished_mark(settings).unlink(missing_ok=True)
    return publication


def _published(settings: Settings) -> Publication:
    """A release of the marts as they are now, noted with what it was made from."""
    publication = publish(
        warehouse=settings.warehouse,
        published_dir=settings.published_dir,
        seeds_dir=settings.seeds_dir,
        dbt=dbt_artifacts(settings),
        versions=program_versions(settings) | {"code": code_version(settings)},
        retention=Retention(settings.keep_releases, settings.keep_release_days),
        require_approval=settings.require_approval,
        rows_a_sheet=settings.workbook_rows,
        pages=pages_beside,
    )
    mark = f"{publication.content_id} from {released_from(settings)}"
    set_marks(settings.warehouse, {RELEASED_FROM: mark})
    if isinstance(settings.warehouse, Lake):
        mark_release(settings.warehouse, publication.release)
        remove_old_snapshots(settings.warehouse)
    return publication


def begin_drawing() -> None:
    """Have a process load what draws pages, while dbt builds what they will show; ``pages_beside`` takes it."""
    if not _waiting:
        drawer = _drawer()
        drawer.submit(charts.load)
        _waiting.append(drawer)


@contextmanager
def pages_beside(database: Path, folder: Path, release: str) -> Iterator[None]:
    """The pages of a release, from its own database, drawn by another process while the block runs.

    Raises ``ReleaseError`` at the end of the block where they could not be drawn.
    """
    draw = partial(build_site, database, folder, release=release)
    with _waiting.pop() if _waiting else _drawer() as drawer:
        pages = _begun(drawer, draw)
        try:
            yield
        except BaseException:
            # There will be no release, so nobody waits for its pages.
            end_workers_at_once()
            raise
        failed = pages.exception()
    if failed is None:
        return
    if isinstance(failed, TOLD):
        raise failed
    # The process was ended while it waited or drew, or had no memory, upon which Python fails in any way, even with a
    # syntax error while it loads a module: once more, when nothing else of the release needs memory.
    try:
        with _drawer() as drawer:
            drawer.submit(draw).result()
    except TOLD:
        raise
    except Exception as error:
        sentence = f"The pages could not be drawn: their process failed twice ({type(error).__name__}), perhaps for want of memory."
        raise ReleaseError(sentence) from error


def _begun(drawer: ProcessPoolExecutor, draw: Callable[[], SiteSummary]) -> Future[SiteSummary]:
    """What the process will have drawn; the error of one that has ended comes with the result."""
    try:
        return drawer.submit(draw)
    except BrokenExecutor as error:
        failed: Future[SiteSummary] = Future()
        failed.set_exception(error)
        return failed


def _drawer() -> ProcessPoolExecutor:
    """One process. Spawned: a process forked from one with threads may hang."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=begin_worker)
