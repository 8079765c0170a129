"""Pages of a synthetic country: how long they take to draw, how large they are, how fast they open.

63 provinces, 696 districts, 40 indicators, 8 years: a document for each unit and year, a plan for each province, every
figure present, one cell in a hundred with two figures in conflict. Units and the catalog are those of the current
release; the figures are made here, directly as marts.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

import duckdb

from benchmarks.results import Result
from pipelines.release.site.build import build_site
from pipelines.settings import get_settings

FIRST_YEAR, LAST_YEAR = 2018, 2025
INDICATOR_COUNT = 40
MOST_SECONDS = 180.0
MOST_HOME_BYTES = 1_000_000
MOST_OPENING_MS = 1000.0
OPENINGS = 5
COPIED = ("marts.dim_admin_unit", "marts.dim_indicator", "marts.bridge_admin_unit_successor")
LOAD_TIME = """() => {
    const entry = performance.getEntriesByType('navigation')[0];
    return entry.loadEventEnd - entry.startTime;
}"""
# The cells of the country; everything else is derived from them.
CELLS = f"""
    create temp table cells as
    select
        u.admin_unit_key, u.admin_unit_code, u.name, u.level, u.province_key, u.province_code, u.province_name,
        i.indicator_code, i.indicator_name_vi, i.indicator_name_en, i.unit, i.direction, y.year::integer as year,
        round(20 + (hash(u.admin_unit_key, i.indicator_code) % 4000) / 100.0
            + (y.year - {FIRST_YEAR}) * (1 + (hash(i.indicator_code, u.admin_unit_key) % 400) / 100.0), 2) as value,
        sha256(concat(u.admin_unit_key, ' ', y.year)) as document_id,
        sha256(concat(u.admin_unit_key, ' ', i.indicator_code, ' ', y.year)) as fact_id,
        sha256(concat(u.province_key, ' plan')) as plan_id,
        sha256(concat(u.province_key, ' ', i.indicator_code, ' ', y.year, ' plan')) as plan_fact_id,
        hash(u.admin_unit_key, i.indicator_code, y.year) % 100 = 0 as is_conflict
    from (
        from marts.dim_admin_unit
        where level in ('province', 'district') and valid_from = date '2008-08-01'
    ) as u
    cross join (from marts.dim_indicator where unit = 'percent' order by indicator_code limit {INDICATOR_COUNT}) as i
    cross join range({FIRST_YEAR}, {LAST_YEAR + 1}) as y (year)
"""  # numbers of this file
QUOTE = """concat('Đến hết năm ', year, ', ', lower(indicator_name_vi), ' của ', name, ' đạt ',
    replace(value::varchar, '.', ','), '%, tăng so với cùng kỳ năm trước.')"""
PROGRESS = """case when value >= target then 'achieved' when value >= 0.95 * target then 'on_track'
    when value >= 0.8 * target then 'moderate' else 'insufficient' end"""
FILLS = {
    "marts.dim_document": """
        select distinct document_id, concat(admin_unit_code, '/', year, '-bao-cao.docx') as path, 'docx' as file_format,
            'report' as document_type, 'read' as document_status, concat('UBND ', name) as issuer,
            concat(year % 97 + 1, '/BC-UBND') as document_number,
            concat('Báo cáo kết quả phát triển hạ tầng số năm ', year, ' của ', name) as title,
            'https://example.gov.vn/bao-cao' as source_url, admin_unit_key, admin_unit_code,
            level as admin_unit_level, name as admin_unit_name, year as reference_year,
            make_date(year, 12, 5) as issued_on, make_timestamp(year, 12, 9, 8, 0, 0) as received_at,
            40 as fact_count, 40 as headline_fact_count, 0 as reject_count
        from cells
        union all by name
        select distinct plan_id as document_id, concat(province_code, '/ke-hoach.pdf') as path, 'pdf' as file_format,
            'plan' as document_type, 'read' as document_status,
            concat('Kế hoạch phát triển hạ tầng số của ', province_name) as title, province_key as admin_unit_key,
            date '2020-01-15' as issued_on, timestamp '2020-02-01 08:00:00' as received_at, 40 as fact_count,
            40 as headline_fact_count, 0 as reject_count
        from cells
    """,
    "raw.facts": f"""
        select fact_id, fact_id as statement_id, document_id, indicator_code, admin_unit_code,
            date '2008-08-01' as admin_unit_valid_from, level as admin_unit_level, name as admin_unit_name, year,
            'actual' as kind, value, unit, '=' as comparator, false as approximate, true as is_headline,
            'A' as obs_status, 'alias' as matched_by, 0.95 as confidence, indicator_name_vi as label, {QUOTE} as quote,
            dense_rank() over (partition by document_id order by indicator_code)::integer as block_no,
            0 as char_start, 60 as char_end
        from cells
        union all by name
        select plan_fact_id as fact_id, plan_fact_id as statement_id, plan_id as document_id, indicator_code,
            province_code as admin_unit_code, date '2008-08-01' as admin_unit_valid_from,
            'province' as admin_unit_level, province_name as admin_unit_name, year, 'target' as kind,
            least(100, value + 4) as value, unit, '=' as comparator, false as approximate, true as is_headline,
            'A' as obs_status, 'alias' as matched_by, 0.95 as confidence, indicator_name_vi as label,
            {QUOTE} as quote, year as block_no, 0 as char_start, 60 as char_end
        from cells where level = 'province' and year >= {FIRST_YEAR + 2}
    """,
    "raw.statements": """
        select statement_id, document_id, block_no, quote, concat(replace(value::varchar, '.', ','), '%') as value_text,
            value, unit, label, kind, year, 'fact' as outcome
        from raw.facts
    """,
    "marts.fct_observation": f"""
        select admin_unit_key, admin_unit_code, level, indicator_code, year, value, unit, 'actual' as kind,
            'A' as obs_status, '=' as comparator, false as is_approximate, make_date(year, 12, 5) as published_on,
            make_timestamp(year, 12, 9, 8, 0, 0) as known_from,
            if(is_conflict, 'later_issue', 'only_value') as winning_rule, is_conflict::integer as competing_count,
            is_conflict::integer as conflict_count, fact_id as vintage_id, fact_id, document_id, 0.95 as confidence,
            indicator_name_vi as label, {QUOTE} as quote
        from cells
    """,
    "marts.fct_observation_vintage": """
        select * exclude (winning_rule, competing_count, conflict_count), true as is_current, 1 as priority_rank,
            true as is_own_document
        from marts.fct_observation
        union all by name
        select * exclude (winning_rule, competing_count, conflict_count)
            replace (concat(vintage_id, '-') as vintage_id, value + 3 as value), false as is_current,
            2 as priority_rank, true as is_own_document
        from marts.fct_observation where competing_count > 0
    """,
    "marts.fct_target": f"""
        select plan_fact_id as target_id, plan_fact_id as fact_id, plan_id as document_id,
            province_key as admin_unit_key, province_code as admin_unit_code, 'province' as level, indicator_code, year,
            least(100, value + 4) as value, unit, '=' as comparator, false as is_approximate,
            'own_document' as target_source, false as is_adjustment, true as is_confirmed,
            timestamp '2020-02-01 08:00:00' as known_from, true as is_current, 1 as priority_rank, {QUOTE} as quote
        from cells where level = 'province' and year >= {FIRST_YEAR + 2}
    """,
    "marts.mart_conflict": """
        select admin_unit_key, admin_unit_code, name as admin_unit_name, level, indicator_code, year, unit,
            value as winner_value, value + 3 as other_value, 3 as difference, 0.5 as tolerance,
            'same_document' as conflict_type, document_id as winner_document_id, document_id as other_document_id,
            fact_id as winner_fact_id, fact_id as other_fact_id, fact_id as winner_vintage_id,
            concat(fact_id, '-') as other_vintage_id
        from cells where is_conflict
    """,
    "marts.mart_coverage": f"""
        select admin_unit_code, name as admin_unit_name, indicator_code, indicator_name_vi, year,
            true as has_observation, 'A' as obs_status, year >= {FIRST_YEAR + 2} as has_target, 11 as district_count,
            11 as reporting_district_count, 0 as commune_count, 0 as reporting_commune_count, 12 as document_count,
            admin_unit_key
        from cells where level = 'province'
    """,
    "marts.mart_release_change": """
        select admin_unit_code, level, indicator_code, year, 'changed' as change_type,
            value - 1 as previous_actual_value, value as current_actual_value,
            'moderate' as previous_progress_status, 'on_track' as current_progress_status
        from cells where year = 2025 and hash(fact_id) % 20 = 0
    """,
    "marts.mart_reporting_compliance": """
        select distinct admin_unit_code, concat('YEARLY_', level) as obligation_code, make_date(year, 12, 15) as due_on,
            if(hash(admin_unit_key, year) % 9 = 0, null, make_date(year, 12, 9)) as received_on,
            if(hash(admin_unit_key, year) % 9 = 0, 'missing', 'on_time') as status, name as admin_unit_name, level,
            make_date(year, 12, 15) as nominal_due_on, 'Báo cáo hằng năm về hạ tầng số' as obligation_name_vi,
            'Yearly report on digital infrastructure' as obligation_name_en, true as is_confirmed,
            if(hash(admin_unit_key, year) % 9 = 0, null, document_id) as document_id, admin_unit_key
        from cells
    """,
} | {
    f"marts.mart_{level}_indicator_yearly": f"""
        with goals as (
            select c.*, t.value as target, t.target_id, t.document_id as target_document_id, t.fact_id as target_fact_id
            from cells as c
            left join marts.fct_target as t
                on t.admin_unit_key = c.province_key and t.indicator_code = c.indicator_code and t.year = c.year
            where c.level = '{level}'
        )
        select admin_unit_code, name as admin_unit_name, province_code, province_name, indicator_code,
            indicator_name_vi, indicator_name_en, unit, direction, year, value as actual_value, 'actual' as actual_kind,
            'A' as obs_status, target as target_value, '=' as target_comparator,
            if(target is null, null, '{scope}') as target_scope, if(target is null, null, 'stated') as target_basis,
            if(target is null, null, 95) as final_target_value, if(target is null, null, 2025) as final_target_year,
            30 as baseline_value, {FIRST_YEAR} as baseline_year, round(value - target, 2) as gap_to_target,
            round(100 * value / target, 1) as attainment_pct,
            if(target is null, 'no_target', {PROGRESS}) as progress_status, document_id as observation_document_id,
            target_document_id, is_conflict::integer as conflict_count,
            if(is_conflict, 'later_issue', 'only_value') as winning_rule, is_conflict::integer as competing_count,
            fact_id as observation_fact_id, target_fact_id, target_id, admin_unit_key, province_key
        from goals
    """
    for level, scope in (("province", "own"), ("district", "province"))
}


def measure() -> list[Result]:
    """Draw the pages of the synthetic country, weigh them, open the home page in a browser."""
    released = get_settings().current_release / "warehouse.duckdb"
    if not released.is_file():
        print("There is no release to take units and catalog from: run 'make nightly' first.")
        return []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        database = folder / "warehouse.duckdb"
        synthetic_country(released, database)
        summary = build_site(database, folder / "site", release="synthetic-country")
        results = [
            Result("pages of a synthetic country, 2 cores", summary.seconds, "s", at_most=MOST_SECONDS),
            Result(
                "its files",
                summary.files,
                "files",
                note="63 provinces, 696 districts, 40 indicators, 8 years",
            ),
            Result(
                "its size",
                summary.bytes / 1e6,
                "MB",
                note=f"{summary.bytes / summary.files / 1e3:.0f} KB a page",
            ),
            Result("its home page", summary.home_bytes / 1e3, "KB", at_most=MOST_HOME_BYTES / 1e3),
        ]
        return results + openings(folder / "site")


def synthetic_country(released: Path, database: Path) -> None:
    """A database of the release's shape with units and catalog of a real one and figures made here."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{released}' as release (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'release' and schema_name in ('marts', 'reference', 'raw') order by all"
        ).fetchall()
        for schema, table in tables:
            name = f"{schema}.{table}"
            keep = "" if schema == "reference" or name in COPIED else " limit 0"
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table {name} as select * from release.{name}{keep}")
        connection.execute(CELLS)
        for name, sql in FILLS.items():
            connection.execute(f"insert into {name} by name {sql}")


def openings(site: Path) -> list[Result]:
    """Time from asking for a page to its load event, by the browser's own clock; the median of some openings."""
    program = shutil.which("chromium")
    if program is None:
        return []
    from playwright.sync_api import sync_playwright

    pages = {
        "home": "index.html",
        "a province": first(site, "provinces"),
        "an indicator": first(site, "indicators"),
    }
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    results = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        page = browser.new_page()
        for name, path in pages.items():
            times = []
            for _ in range(OPENINGS):
                page.goto(f"{site.as_uri()}/{path}")
                times.append(page.evaluate(LOAD_TIME))
            results.append(Result(f"opening {name}", statistics.median(times), "ms", at_most=MOST_OPENING_MS))
        browser.close()
    return results


def first(site: Path, folder: str) -> str:
    """The largest page of a folder that is not its list."""
    pages = [path for path in (site / folder).glob("*.html") if path.name != "index.html"]
    return str(max(pages, key=lambda path: path.stat().st_size).relative_to(site))
