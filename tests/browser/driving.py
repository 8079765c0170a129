"""Driving a browser over the pages: what it asks for, what it complains about, a server for files."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, Request

# The browser shall do nothing of its own accord.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = (1280, 900), (390, 844)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address of a plain web server on 127.0.0.1 that serves a folder."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@dataclass
class Tab:
    """A tab with all it asked for and complained about since it was opened."""

    page: Page
    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def failed(self, request: Request) -> None:
        """Note a request that failed, unless the tab merely moved on before it was answered."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure}: {request.url}")

    def foreign(self, base: str) -> list[str]:
        """Requests that left the site."""
        return [url for url in self.requests if not url.startswith((base, "data:", "blob:"))]


@contextmanager
def tab(
    browser: Browser,
    size: tuple[int, int] = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Tab]:
    """A fresh tab: no memory of others, its requests and complaints recorded."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, accept_downloads=True
    )
    page = context.new_page()
    opened = Tab(page, context)
    page.on("request", lambda request: opened.requests.append(request.url))
    page.on("requestfailed", opened.failed)
    page.on(
        "console",
        lambda message: (
            opened.complaints.append(f"{page.url}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    page.on("pageerror", lambda error: opened.complaints.append(f"{page.url}: {error}"))
    page.on(
        "dialog", lambda dialog: (opened.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss())
    )
    try:
        yield opened
    finally:
        context.close()


def pages_of(site: Path) -> list[str]:
    """Every page of a site, as paths below it."""
    return sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))


def page_of_each_kind(site: Path) -> list[str]:
    """The pages there is one of, and of each kind there are many of a large page that is not the largest."""
    single = [page for page in pages_of(site) if "/" not in page or page.endswith("/index.html")]
    chosen = []
    for folder in sorted({page.split("/")[0] for page in pages_of(site) if "/" in page}):
        pages = [path for path in (site / folder).glob("*.html") if path.name != "index.html"]
        pages.sort(key=lambda path: (path.stat().st_size, path.name))
        chosen.append(str(pages[len(pages) * 4 // 5].relative_to(site)))
    return single + chosen
