"""Text of documents, file names, labels and sidecars that would like to be markup or script does nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from pipelines.release.site.build import build_site
from tests.browser.driving import page_of_each_kind, pages_of, tab
from tests.integration.running import Night

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = (
    "<script>window.harmed=1;document.title='harmed'</script>",
    '"\'><img src=x onerror="window.harmed=1">',
    "<svg onload=window.harmed=1><animate onbegin=window.harmed=1 attributeName=x dur=1s></svg>",
    "</title></style></textarea><iframe srcdoc='<script>parent.harmed=1</script>'></iframe>",
    "{{ 7*7 }}{% for x in y %}${7*7}<%= 7 %>#{7*7}",
    "javascript:window.harmed=1",
    "--><!-- </script><a href='javascript:window.harmed=1' autofocus onfocus=window.harmed=1>x</a>",
    "&lt;script&gt;window.harmed=1&lt;/script&gt;",
    "\u2028</script><script>window.harmed=1</script>\u2029",
    '=HYPERLINK("javascript:window.harmed=1","x")',
)
# Every column that a document, a file name or a sidecar can fill.
FILLED = {
    "marts.dim_document": ("path", "issuer", "document_number", "title", "adjusts_document_number"),
    "raw.facts": ("label", "quote", "segment"),
    "raw.statements": ("label", "quote", "value_text"),
    "raw.rejects": ("path", "reason", "quote"),
    "raw.unmatched": ("label", "sample_quote"),
    "marts.fct_observation": ("label", "quote"),
    "marts.fct_observation_vintage": ("label", "quote"),
    "marts.fct_target": ("quote", "document_number"),
    "marts.mart_conflict": ("winner_quote", "other_quote", "winner_document_title", "other_document_title"),
    "marts.mart_quality_issue": ("quote", "path"),
}
ADDRESSES = (
    "javascript:window.harmed=1",
    "JaVaScRiPt:window.harmed=1",
    " javascript:window.harmed=1",
    "java\tscript:window.harmed=1",
    "data:text/html,<script>window.harmed=1</script>",
    "vbscript:x",
    "//evil.example/x",
    'https://example.gov.vn/" onmouseover="window.harmed=1',
    "https://example.gov.vn/an-toan?a=1&b=<b>",
)


@pytest.fixture(scope="module")
def hostile_site(night: Night, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    database = folder / "warehouse.duckdb"
    shutil.copyfile(night.settings.current_release / "warehouse.duckdb", database)
    database.chmod(0o644)
    with duckdb.connect(str(database)) as connection:
        for table, columns in FILLED.items():
            for shift, column in enumerate(columns):
                connection.execute(
                    f"update {table} set {column} = list_extract($1, ((rowid + {shift}) % len($1) + 1)::bigint)",
                    [list(HOSTILE)],
                )
        connection.execute(
            "update marts.dim_document set source_url = list_extract($1, (rowid % len($1) + 1)::bigint)",
            [list(ADDRESSES)],
        )
    build_site(database, folder / "site", release="<script>window.harmed=1</script>")
    return folder / "site"


def test_hostile_text_runs_on_no_page(browser: Browser, hostile_site: Path) -> None:
    base = hostile_site.as_uri()
    pages = sorted(
        {*page_of_each_kind(hostile_site), *(p for p in pages_of(hostile_site) if p.startswith("documents/"))}
    )
    with tab(browser) as opened:
        for page in pages:
            opened.page.goto(f"{base}/{page}")
            assert opened.page.evaluate("window.harmed") is None, page
        assert opened.complaints == []
        assert opened.foreign(base) == []


def test_hostile_text_is_shown_as_text(hostile_site: Path) -> None:
    allowed = {"site.js"}
    for page in pages_of(hostile_site):
        tree = LexborHTMLParser((hostile_site / page).read_bytes())
        scripts = tree.css("script")
        assert [(node.attributes.get("src") or "").split("/")[-1] for node in scripts] == sorted(allowed), (
            page
        )
        assert tree.css("iframe, object, embed, base, form, style, animate, img") == [], page
        for node in tree.css("*"):
            assert not [
                name for name in node.attributes if name.startswith("on") or name in {"style", "srcdoc"}
            ], page
    quality = LexborHTMLParser((hostile_site / "quality.html").read_bytes())
    assert HOSTILE[0] in (quality.css_first("#reject-table") or quality).text()
    assert "{{ 7*7 }}" in quality.text()


def test_only_web_addresses_become_links(hostile_site: Path) -> None:
    followed = set()
    for page in pages_of(hostile_site):
        for node in LexborHTMLParser((hostile_site / page).read_bytes()).css("a[href]"):
            address = node.attributes["href"] or ""
            if ":" in address.split("/")[0].split("#")[0]:
                followed.add(address)
    assert followed == {ADDRESSES[-1]}


def test_hostile_text_is_searched_and_shown_as_text(browser: Browser, hostile_site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{hostile_site.as_uri()}/index.html")
        opened.page.fill("#find", "window.harmed")
        opened.page.locator("#found [role=option]").first.wait_for()
        assert opened.page.locator("#found").locator("img, script, svg, iframe").count() == 0
        assert opened.page.evaluate("window.harmed") is None
        assert opened.complaints == []
