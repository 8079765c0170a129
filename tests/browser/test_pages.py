"""The released pages in a real browser: opened as files and from a web server, used, measured, looked at."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from pipelines.release.site.build import build_site
from pipelines.release.site.indicator_pages import MODELS
from tests.browser.driving import DESKTOP, PHONE, Tab, page_of_each_kind, pages_of, tab
from tests.integration.running import Night

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROVINCE = "provinces/ca-mau-96-20080801.html"
INDICATOR = "indicators/households_fiber_share.html"
KEY_PAGES = {
    "home": "index.html",
    "province": PROVINCE,
    "indicator": INDICATOR,
    "quality": "quality.html",
    "lineage": "lineage/households_fiber_share.html",
}
SERIOUS = {"serious", "critical"}
LOAD_TIME = """() => {
    const entry = performance.getEntriesByType('navigation')[0];
    return entry.loadEventEnd - entry.startTime;
}"""


def shown_rows(opened: Tab, table: str) -> list[str]:
    return opened.page.locator(f"#{table} tbody tr:not([hidden])").all_inner_texts()


def document_with_rivals(site: Path) -> str:
    page = next(
        path for path in sorted(site.glob("documents/*.html")) if 'class="rivals"' in path.read_text("utf-8")
    )
    return str(page.relative_to(site))


def test_every_page_opens_as_a_file_without_complaint(browser: Browser, site: Path, artefacts: Path) -> None:
    base, times = site.as_uri(), {}
    with tab(browser) as opened:
        for page in pages_of(site):
            opened.page.goto(f"{base}/{page}")
            times[page] = opened.page.evaluate(LOAD_TIME)
            assert opened.page.title().endswith("– Hạ tầng số"), page
        assert opened.complaints == []
        assert opened.foreign(base) == []
    files = [path for path in site.rglob("*") if path.is_file()]
    sizes = {str(path.relative_to(site)): path.stat().st_size for path in files}
    report = {
        "pages": len(times),
        "bytes": sum(sizes.values()),
        "home_bytes": sizes["index.html"],
        "home_ms": round(times["index.html"]),
        "slowest": max(times, key=lambda page: times[page]),
        "slowest_ms": round(max(times.values())),
    }
    (artefacts / "cost.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    assert sizes["index.html"] < 1_000_000


def test_pages_of_every_kind_open_from_a_web_server(browser: Browser, site: Path, web: str) -> None:
    with tab(browser) as opened:
        for page in page_of_each_kind(site):
            opened.page.goto(f"{web}/{page}")
            assert opened.page.locator("html.scripted").count() == 1, page
        assert opened.complaints == []
        assert opened.foreign(web) == []


def test_every_link_and_anchor_resolves(site: Path) -> None:
    parsed = {page: LexborHTMLParser((site / page).read_bytes()) for page in pages_of(site)}
    anchors = {page: {node.attributes["id"] for node in tree.css("[id]")} for page, tree in parsed.items()}
    broken, outside = [], set()
    for page, tree in parsed.items():
        for node in tree.css("[href], [src]"):
            address = node.attributes.get("href") or node.attributes.get("src") or ""
            parts = urlsplit(address)
            if parts.scheme:
                outside.add(parts.scheme)
                continue
            target = (site / page).parent / unquote(parts.path) if parts.path else site / page
            target = target.resolve()
            if not target.is_file():
                broken.append((page, address))
            elif parts.fragment and target.is_relative_to(site):
                known = anchors.get(str(target.relative_to(site)), set())
                if unquote(parts.fragment) not in known:
                    broken.append((page, address))
    assert broken == []
    assert outside <= {"http", "https"}


def test_ids_are_unique_on_each_page(site: Path) -> None:
    for page in pages_of(site):
        ids = [node.attributes["id"] for node in LexborHTMLParser((site / page).read_bytes()).css("[id]")]
        assert len(ids) == len(set(ids)), page


def test_every_figure_of_a_scorecard_leads_to_its_quote(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{PROVINCE}")
        values = opened.page.locator("#score td.value:has(data)")
        assert values.count() > 20
        assert opened.page.locator("#score td.value:has(data):not(:has(a.q))").count() == 0
        link = values.first.locator("a.q")
        shown = link.inner_text()
        link.click()
        row = opened.page.locator(f"tr[id='{opened.page.url.split('#')[1]}']")
        assert row.locator("td.words q").inner_text().strip()
        assert shown in row.locator("td.value").inner_text()


def test_winning_and_losing_figures_explain_each_other(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{document_with_rivals(site)}")
        details = opened.page.locator("details.why").first
        details.locator("summary").click()
        assert details.locator("li.won").count() == 1
        losing = details.locator("li.lost")
        assert losing.count() >= 1
        losing.first.locator("a.q").click()
        row = opened.page.locator(f"tr[id='{opened.page.url.split('#')[1]}']")
        assert "Con số được chọn" in row.locator("td.reason").inner_text()


def test_search_is_found_by_letters_without_accents_and_by_keyboard(
    browser: Browser, site: Path, web: str
) -> None:
    for base in (site.as_uri(), web):
        with tab(browser) as opened:
            opened.page.goto(f"{base}/quality.html")
            opened.page.keyboard.press("/")
            opened.page.keyboard.type("ca mau")
            options = opened.page.locator("#found [role=option]")
            options.first.wait_for()
            assert "Cà Mau" in options.first.inner_text()
            opened.page.keyboard.press("ArrowDown")
            assert opened.page.locator("#find").get_attribute("aria-activedescendant") == "found-1"
            opened.page.keyboard.press("ArrowUp")
            opened.page.keyboard.press("Enter")
            opened.page.wait_for_url("**/provinces/ca-mau-*")
            assert opened.complaints == []


def test_search_says_when_nothing_is_found_and_closes_on_escape(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/index.html")
        opened.page.fill("#find", "qqqq zzzz")
        opened.page.locator("#found li", has_text="Không tìm thấy").wait_for()
        opened.page.keyboard.press("Escape")
        assert opened.page.locator("#found").is_hidden()


def test_filters_combine_and_count(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{PROVINCE}")
        all_rows = len(shown_rows(opened, "score"))
        opened.page.select_option("[data-filter=score][data-column=status]", "achieved")
        achieved = shown_rows(opened, "score")
        assert 0 < len(achieved) < all_rows
        assert all("Đạt mục tiêu" in row for row in achieved)
        opened.page.fill("input[data-filter=score]", "bang rong")
        both = shown_rows(opened, "score")
        assert 0 < len(both) < len(achieved)
        assert opened.page.locator("[data-count=score]").inner_text() == f"{len(both)} trong {all_rows} dòng"
        opened.page.fill("input[data-filter=score]", "")
        opened.page.select_option("[data-filter=score][data-column=status]", "")
        assert len(shown_rows(opened, "score")) == all_rows


def test_tables_sort_by_number_blank_last_and_say_so(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{INDICATOR}")
        head = opened.page.locator("#units thead th", has_text="Thực tế")

        def values() -> list[float | None]:
            return [
                None if text is None else float(text)
                for text in opened.page.eval_on_selector_all(
                    "#units tbody tr",
                    "rows => rows.map(r => r.cells[2].querySelector('data')?.value ?? null)",
                )
            ]

        for way, reverse in (("descending", True), ("ascending", False)):
            head.locator("button").focus()
            opened.page.keyboard.press("Enter")
            assert head.get_attribute("aria-sort") == way
            found = values()
            known = [value for value in found if value is not None]
            assert known == sorted(known, reverse=reverse)
            assert len(known) > 3
            assert found[len(known) :] == [None] * (len(found) - len(known))


def test_language_switches_words_numbers_and_dates_and_is_remembered(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{PROVINCE}")
        assert "11,74" in opened.page.locator("#score").inner_text()
        opened.page.click("#language")
        text = opened.page.locator("body").inner_text()
        assert "11.74" in text
        assert "Results against plan" in text
        assert "Kết quả so với kế hoạch" not in text
        assert "1 Aug 2008" in text
        assert opened.page.locator("html").get_attribute("lang") == "en"
        assert opened.page.title().endswith("Digital infrastructure")
        assert (
            opened.page.locator("#find").get_attribute("placeholder") == "Find indicators, places, documents"
        )
        opened.page.goto(f"{site.as_uri()}/{INDICATOR}")
        assert "All places compared" in opened.page.locator("body").inner_text()
        opened.page.click("#language")
        assert "So sánh các địa phương" in opened.page.locator("body").inner_text()
        assert opened.page.title().endswith("Hạ tầng số")


@pytest.mark.parametrize(
    "page", ["index.html", PROVINCE, INDICATOR, "quality.html", "late.html", "reading.html"]
)
def test_no_vietnamese_interface_is_left_in_english(browser: Browser, site: Path, page: str) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{page}")
        opened.page.click("#language")
        # Names, quotes and titles are marked as Vietnamese; what is marked as English may name a province.
        left = opened.page.evaluate(
            """() => {
                const found = [];
                const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walk.nextNode()) {
                    const parent = walk.currentNode.parentElement;
                    const text = walk.currentNode.textContent.trim();
                    if (text && parent.checkVisibility() && !parent.closest('[lang=vi], .e, svg, code')
                        && /[ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ]/i.test(text)) {
                        found.push(text.slice(0, 80));
                    }
                }
                return found;
            }"""
        )
        assert left == []


def test_theme_follows_the_system_and_the_button_and_is_remembered(browser: Browser, site: Path) -> None:
    def paper(opened: Tab) -> str:
        return str(opened.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    with tab(browser, scheme="light") as opened:
        opened.page.goto(f"{site.as_uri()}/index.html")
        light = paper(opened)
        opened.page.click("#theme")
        dark = paper(opened)
        assert dark != light
        opened.page.goto(f"{site.as_uri()}/quality.html")
        assert paper(opened) == dark
    with tab(browser, scheme="dark") as opened:
        opened.page.goto(f"{site.as_uri()}/index.html")
        assert paper(opened) == dark


def test_keyboard_reaches_content_first_and_focus_is_seen(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{PROVINCE}")
        opened.page.keyboard.press("Tab")
        skip = opened.page.locator("a.skip")
        assert skip.evaluate("link => link === document.activeElement")
        assert (skip.bounding_box() or {"width": 0})["width"] > 50
        opened.page.keyboard.press("Enter")
        assert opened.page.evaluate("document.activeElement.id") == "main"
        opened.page.keyboard.press("Tab")
        assert opened.page.evaluate("document.querySelector('main').contains(document.activeElement)")
        style = opened.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"


def test_csv_holds_the_rows_shown_with_machine_numbers(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{PROVINCE}")
        opened.page.select_option("[data-filter=score][data-column=status]", "moderate")
        rows = len(shown_rows(opened, "score"))
        with opened.page.expect_download() as waiting:
            opened.page.click("[data-csv=score]")
        data = waiting.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert lines[0][:4] == ["Chỉ tiêu", "Năm", "Thực tế", "Mục tiêu"]
    assert len(lines) == rows + 1
    assert {line[2] for line in lines[1:]} >= {"11.74"}
    assert all(line[-1] == "Hơi chậm" for line in lines[1:])


def test_csv_neutralises_what_a_spreadsheet_would_compute(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/quality.html")
        opened.page.evaluate(
            """() => {
                const cells = document.querySelectorAll('#unmatched-table tbody th');
                ['=1+1', '@SUM(A1)', '+84', '-x', '-3.5'].forEach((text, i) => { cells[i].textContent = text; });
            }"""
        )
        with opened.page.expect_download() as waiting:
            opened.page.click("[data-csv=unmatched-table]")
        lines = list(csv.reader(io.StringIO(waiting.value.path().read_bytes().decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:6]] == ["'=1+1", "'@SUM(A1)", "'+84", "'-x", "-3.5"]


def test_map_changes_its_list_and_its_marks_are_links(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/index.html")
        assert opened.page.locator("#layer-old a").count() == 63
        assert opened.page.locator("#layer-new a").count() == 34
        chosen = opened.page.locator("[data-layer]:checked").get_attribute("value")
        other = "new" if chosen == "old" else "old"
        opened.page.check(f"[data-layer][value={other}]")
        assert opened.page.locator(f"#layer-{other}").is_visible()
        assert opened.page.locator(f"#layer-{chosen}").is_hidden()
        opened.page.locator(f"#layer-{other} a[aria-label*='Hà Nội']").focus()
        opened.page.keyboard.press("Enter")
        opened.page.wait_for_url("**/provinces/ha-noi-*")


def serious_violations(opened: Tab, options: dict[str, object]) -> list[tuple[str, list[str]]]:
    violations = Axe().run(opened.page, options=options).response["violations"]
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
        for violation in violations
        if violation["impact"] in SERIOUS
    ]


def test_axe_finds_nothing_serious_on_any_kind_of_page(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        found = {}
        for page in page_of_each_kind(site):
            opened.page.goto(f"{site.as_uri()}/{page}")
            found[page] = serious_violations(opened, {"resultTypes": ["violations"]})
    assert {page: violations for page, violations in found.items() if violations} == {}


def test_axe_finds_enough_contrast_in_the_dark(browser: Browser, site: Path) -> None:
    with tab(browser, scheme="dark") as opened:
        found = {}
        for page in (*KEY_PAGES.values(), document_with_rivals(site), "reading.html", "late.html"):
            opened.page.goto(f"{site.as_uri()}/{page}")
            found[page] = serious_violations(opened, {"runOnly": ["color-contrast"]})
    assert {page: violations for page, violations in found.items() if violations} == {}


def test_axe_would_find_a_violation(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/reading.html")
        opened.page.evaluate(
            "() => { const field = document.querySelector('#find');"
            " field.previousElementSibling.remove(); field.removeAttribute('placeholder'); }"
        )
        found = serious_violations(opened, {"runOnly": ["label"]})
    assert [name for name, _ in found] == ["label"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pictures_of_the_key_pages_fit_their_width(
    browser: Browser, site: Path, artefacts: Path, size: tuple[int, int]
) -> None:
    pages = KEY_PAGES | {"document": document_with_rivals(site)}
    with tab(browser, size=size) as opened:
        for name, page in pages.items():
            opened.page.goto(f"{site.as_uri()}/{page}")
            opened.page.screenshot(path=artefacts / f"{name}-{size[0]}.png", full_page=True)
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0], page


def test_print_leaves_the_controls_out(browser: Browser, site: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(f"{site.as_uri()}/{PROVINCE}")
        opened.page.emulate_media(media="print")
        assert opened.page.locator("#find").is_hidden()
        assert opened.page.locator("[data-csv=score]").is_hidden()
        assert opened.page.locator("#score").is_visible()


def test_pages_serve_without_any_script(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{PROVINCE}")
    assert page.locator("#score tbody tr").count() > 20
    assert page.locator("#find").is_hidden()
    assert page.get_by_text("Results against plan").is_hidden()
    context.close()


def test_lineage_names_models_that_exist_and_dbt_docs_lead_back(night: Night, site: Path) -> None:
    models = {path.stem for path in (night.settings.dbt_project_dir / "models").rglob("*.sql")}
    assert {name for name, *_ in MODELS} <= models
    docs = (site.parent / "docs" / "index.html").read_text(encoding="utf-8")
    assert "../site/index.html" in docs
    lineage = (site / "lineage" / "households_fiber_share.html").read_text(encoding="utf-8")
    assert "../../docs/index.html#!/model/model.hatangso.mart_province_indicator_yearly" in lineage


def test_the_same_database_gives_the_same_bytes_however_many_processes(
    night: Night, site: Path, tmp_path: Path
) -> None:
    summary = build_site(
        night.settings.current_release / "warehouse.duckdb", tmp_path, release=site.parent.name, processes=2
    )
    names = sorted(path.relative_to(site) for path in site.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert [name for name in names if (site / name).read_bytes() != (tmp_path / name).read_bytes()] == []
    assert summary.files == len(names)
    assert summary.bytes == sum((site / name).stat().st_size for name in names)
