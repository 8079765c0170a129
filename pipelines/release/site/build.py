"""The static site of a release, from its own database alone: which pages there are, who draws them, what it cost.

The same database gives the same bytes: nothing here asks a clock for content, and every query is ordered.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import resources
from itertools import accumulate, groupby
from multiprocessing import get_context
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection
from jinja2 import TemplateError

from pipelines.orphans import begin_worker
from pipelines.release.errors import ReleaseError
from pipelines.release.site import queries
from pipelines.release.site.document_pages import document_contexts
from pipelines.release.site.edition import Context, Edition, load_edition
from pipelines.release.site.indicator_pages import indicator_contexts, lineage_contexts
from pipelines.release.site.overview_pages import overview_contexts, search_entries
from pipelines.release.site.queries import Row
from pipelines.release.site.rendering import environment, script_data, write_page, write_text
from pipelines.release.site.unit_pages import unit_contexts
from pipelines.warehouse.connection import connect, first_line

DOCS_PAGE = "../docs/index.html"
ASSETS = ("site.css", "site.js", "icon.svg")
# Below this many pages more processes cost more than they save: each loads what draws the pictures.
PAGES_WORTH_A_PROCESS = 1000
BATCH = 40
# Each batch reads the tables of facts once, so batches of documents are large: as many as fit into memory with ease.
BATCH_STATEMENTS = 5000
UNITS, INDICATORS, LINEAGES, DOCUMENTS = "units", "indicators", "lineages", "documents"
TEMPLATES = {
    UNITS: "unit.html.j2",
    INDICATORS: "indicator.html.j2",
    LINEAGES: "lineage.html.j2",
    DOCUMENTS: "document.html.j2",
}

Task = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class SiteSummary:
    """What a site cost: its files, their bytes, the bytes of the home page, and the seconds it took."""

    files: int
    bytes: int
    home_bytes: int
    seconds: float


def build_site(
    database: Path, folder: Path, *, release: str, docs_page: str = DOCS_PAGE, processes: int | None = None
) -> SiteSummary:
    """Write the pages of a release into ``folder``, which is made.

    ``docs_page`` is the address of the dbt docs as seen from the site's home. ``processes`` draw the
    pages: unless given one, and for a large release one for each processor. Raises ``ReleaseError`` where a page cannot be drawn,
    ``WarehouseError`` where the database cannot be opened.
    """
    started = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    written: list[tuple[str, int]] = []
    with (
        sentences(),
        connect(database, read_only=True) as connection,
        ExitStack() as beside,
    ):
        queries.prepare(connection)
        edition = load_edition(connection, release, docs_page)
        tasks = all_tasks(edition)
        pages = sum(len(keys) for _, keys in tasks)
        workers = processes or (1 if pages < PAGES_WORTH_A_PROCESS else os.cpu_count() or 1)
        shares: list[Future[list[tuple[str, int]]]] = []
        if workers > 1:
            pool = ProcessPoolExecutor(workers - 1, mp_context=get_context("spawn"), initializer=begin_worker)
            beside.enter_context(pool)
            # Every n-th task, so that each process has its part of every kind of page.
            shares = [
                pool.submit(draw_share, database, folder, release, docs_page, tasks[index::workers])
                for index in range(1, workers)
            ]
        written += write_assets(folder, edition)
        written += write_overviews(connection, edition, folder)
        written += write_tasks(connection, edition, folder, tasks[::workers])
        for share in shares:
            written += share.result()
    return SiteSummary(
        files=len(written),
        bytes=sum(size for _, size in written),
        home_bytes=dict(written)["index.html"],
        seconds=time.perf_counter() - started,
    )


@contextmanager
def sentences() -> Iterator[None]:
    """What went wrong while pages were drawn, as one sentence that also passes from process to process."""
    try:
        yield
    except (duckdb.Error, TemplateError, ValueError, KeyError) as error:
        sentence = f"The pages could not be drawn: {first_line(error)}."
        raise ReleaseError(sentence) from error


def all_tasks(edition: Edition) -> list[Task]:
    """Every page there are many of, in batches that share their queries."""
    kinds: tuple[tuple[str, Sequence[str]], ...] = (
        (INDICATORS, list(edition.indicators)),
        (LINEAGES, list(edition.indicators)),
        (UNITS, list(edition.unit_pages)),
    )
    tasks = [
        (kind, keys[start : start + BATCH])
        for kind, found in kinds
        for keys in [tuple(found)]
        for start in range(0, len(keys), BATCH)
    ]
    return tasks + [(DOCUMENTS, ids) for ids in document_batches(edition.documents)]


def document_batches(documents: Mapping[str, Row]) -> list[tuple[str, ...]]:
    """Documents in their order, in batches of about so many statements; each document counts as one more."""
    weights = accumulate(1 + (document["statement_count"] or 0) for document in documents.values())
    batches = groupby(zip(documents, weights, strict=True), key=lambda found: found[1] // BATCH_STATEMENTS)
    return [tuple(document_id for document_id, _ in batch) for _, batch in batches]


def draw_share(
    database: Path, folder: Path, release: str, docs_page: str, tasks: Sequence[Task]
) -> list[tuple[str, int]]:
    """Draw some of the pages in a process of its own; pages and their bytes."""
    with sentences(), connect(database, read_only=True) as connection:
        connection.execute("set threads to 1")
        queries.prepare(connection)
        return write_tasks(connection, load_edition(connection, release, docs_page), folder, tasks)


def write_tasks(
    connection: DuckDBPyConnection, edition: Edition, folder: Path, tasks: Sequence[Task]
) -> list[tuple[str, int]]:
    """Write the pages of these tasks; pages and their bytes."""
    templates = environment(edition)
    written = []
    for kind, keys in tasks:
        for page, context in contexts_of(connection, edition, kind, keys):
            written.append((page, write_page(templates, folder, page, TEMPLATES[kind], context)))
    return written


def contexts_of(
    connection: DuckDBPyConnection, edition: Edition, kind: str, keys: Sequence[str]
) -> Iterator[tuple[str, Context]]:
    """Pages of a kind with what their template needs."""
    makers = {
        UNITS: unit_contexts,
        INDICATORS: indicator_contexts,
        LINEAGES: lineage_contexts,
        DOCUMENTS: document_contexts,
    }
    return makers[kind](connection, edition, keys)


def write_overviews(connection: DuckDBPyConnection, edition: Edition, folder: Path) -> list[tuple[str, int]]:
    """Write the pages there is one of."""
    templates = environment(edition)
    return [
        (page, write_page(templates, folder, page, template, context))
        for page, template, context in overview_contexts(connection, edition)
    ]


def write_assets(folder: Path, edition: Edition) -> list[tuple[str, int]]:
    """Copy style sheet, script and icon, and write what the search field finds."""
    source = resources.files("pipelines.release.site") / "assets"
    written = [
        (f"assets/{name}", write_text(folder / "assets" / name, (source / name).read_text(encoding="utf-8")))
        for name in ASSETS
    ]
    search = script_data("hatangsoSearch", search_entries(edition))
    written.append(("assets/search.js", write_text(folder / "assets" / "search.js", search)))
    return written
