"""Raw tables of a made-up country as Parquet, at any number of facts; DuckDB draws them, no document is read.

For measuring the warehouse alone. A document holds 100 facts of one unit and year; one document in ten is a province's,
four are districts' and five communes', so that cells of provinces have many competing figures and those of communes
few. The same seed gives the same rows on one version of DuckDB.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from schemas.contract import Contract
from schemas.frames import columns
from schemas.tables import NIGHT_TABLES

FACTS_PER_DOCUMENT = 100
# Of a hundred statements that become facts, so many more are not recognised or rejected.
UNMATCHED_PERCENT = 8
REJECTED_PERCENT = 4
DISTINCT_UNMATCHED = 500

# chance(i, salt): a whole number from 0 to 999999, the same for the same pair.
BASE = """
create macro chance(number, salt) as (hash(number::bigint * 1000 + salt + getvariable('seed') * 97) % 1000000)::integer;

create table units as
select
    admin_unit_code, cast(valid_from as date) as valid_from, level, name,
    row_number() over (partition by level order by admin_unit_code, valid_from)::integer - 1 as position,
    count(*) over (partition by level)::integer as of_level
from read_csv($admin_units, all_varchar = true)
where level in ('province', 'district', 'commune')
    and cast(valid_from as date) <= date '2024-01-01'
    and coalesce(cast(valid_to as date), date '9999-12-31') >= date '2020-01-01';

create table indicators as
select
    indicator_code, name_vi, unit,
    coalesce(try_cast(valid_max as double), 100) as valid_max,
    row_number() over (order by indicator_code)::integer - 1 as position,
    count(*) over ()::integer as all_indicators
from read_csv($indicators, all_varchar = true);

create table drawn_documents as
with numbered as (
    select
        range::integer as document_no,
        case when range % 10 = 0 then 'province' when range % 10 <= 4 then 'district' else 'commune' end as level,
        2015 + chance(range, 2) % 10 as document_year,
        chance(range, 3) % 4 = 0 as is_plan,
        chance(range, 4) % 28 as day_no,
        1 + chance(range, 5) % 12 as month_no
    from range(getvariable('document_count'))
)
select
    numbered.*,
    sha256('document ' || document_no || ' ' || getvariable('seed')) as document_id,
    units.position as unit_position,
    units.of_level,
    units.admin_unit_code, units.valid_from, units.name,
    make_date(document_year, month_no, 1 + day_no) as issued_on
from numbered
inner join units on units.level = numbered.level and units.position = chance(document_no, 1) % units.of_level;

create table drawn as
with numbered as (
    select
        range as statement_no,
        (range * getvariable('document_count') // getvariable('statement_count'))::integer as document_no
    from range(getvariable('statement_count'))
),
placed as (
    select
        numbered.statement_no,
        documents.*,
        row_number() over (partition by document_no order by statement_no)::integer as place_no,
        chance(statement_no, 11) as kind_chance,
        chance(statement_no, 12) as year_chance,
        -- One figure in five is about the next unit of the same level.
        case when chance(statement_no, 13) % 5 = 0 then (unit_position + 1) % of_level else unit_position end
            as fact_unit_position,
        case
            when statement_no % (100 + getvariable('beside')) >= 100 + getvariable('unmatched') then 'reject'
            when statement_no % (100 + getvariable('beside')) >= 100 then 'unmatched'
            else 'fact'
        end as outcome
    from numbered
    inner join drawn_documents as documents using (document_no)
)
select
    placed.statement_no, placed.place_no, placed.document_id, placed.outcome, placed.level,
    units.admin_unit_code, units.valid_from, units.name,
    indicators.indicator_code, indicators.name_vi, indicators.unit,
    case
        when is_plan and kind_chance < 700000 then 'target'
        when is_plan and kind_chance < 900000 then 'baseline'
        when is_plan or kind_chance < 750000 then 'actual'
        when kind_chance < 900000 then 'estimate'
        when kind_chance < 950000 then 'baseline'
        else 'target'
    end as kind,
    case
        when year_chance < 10000 then null
        when is_plan and kind_chance < 700000 and year_chance < 500000 then 2025
        when is_plan and kind_chance < 700000 and year_chance < 700000 then 2030
        when year_chance >= 900000 then document_year - 1
        else document_year
    end as year,
    issued_on, place_no % 40 as block_no,
    case
        when indicators.unit = 'boolean' then (chance(statement_no, 14) % 2)::double
        when indicators.unit in ('percent', 'per_100_people') then round(least(
            chance(units.position * 1000 + indicators.position, 15) % 60
            + 3.5 * greatest(document_year - 2015, 0) + chance(statement_no, 16) % 1000 / 200, 100), 2)
        when indicators.unit = 'ratio' then round(chance(statement_no, 17) % 100 / 100, 2)
        else round(100 + chance(units.position * 1000 + indicators.position, 15) % 50000
            * (1 + greatest(document_year - 2015, 0) / 10), 0)
    end as value
from placed
inner join units on units.level = placed.level and units.position = placed.fact_unit_position
inner join indicators
    on indicators.position = (chance(document_no, 18) + place_no) % indicators.all_indicators;
"""

COMMON = """
    sha256('statement ' || statement_no || ' ' || getvariable('seed')) as statement_id,
    document_id, block_no, place_no * 150 as char_start, place_no * 150 + 120 as char_end,
    null as page, null as table_no, null as table_row, null as table_column,
    name_vi || ' của ' || name || coalesce(' năm ' || year, '') || ' là ' || value || '.' as quote,
    value, null as value_max, null as numerator, null as denominator, '=' as comparator, false as approximate,
    name_vi as label, kind, 'words' as kind_basis, year, 'words' as year_basis, null as as_of,
    'document' as place_basis, null as segment, null as segment_type, unit
"""

TABLES = {
    "documents": """
        select
            document_id, 'so-lieu/' || document_no || '.txt' as path, 'text' as file_format, 20000 as byte_count,
            if(is_plan, 'plan', 'report') as document_type, 'UBND ' || name as issuer,
            document_no || if(is_plan, '/KH-UBND', '/BC-UBND') as document_number,
            if(is_plan, 'Kế hoạch', 'Báo cáo') || ' phát triển hạ tầng số ' || name as title, issued_on,
            null as source_url, document_year as reference_year, admin_unit_code,
            valid_from as admin_unit_valid_from, level as admin_unit_level, name as admin_unit_name,
            name as place_text, issued_on + interval (8 + chance(document_no, 6) % 20) hour as received_at,
            'read' as status,
            if(is_plan and chance(document_no, 7) % 100 = 0, document_no - 10 || '/KH-UBND', null)
                as adjusts_document_number,
            40 as block_count, 112 as statement_count, '1' as reader_version, '1' as extractor_version,
            null as sidecar_id,
            if(chance(document_no, 8) % 200 = 0, issued_on + interval 400 day, null) as withdrawn_at
        from drawn_documents
        order by document_no""",
    "statements": f"""
        select
            {COMMON}, value::varchar as value_text, 'level' as figure_role, name_vi as label_left,
            null as label_right, null as label_context, null as label_heading, 'left' as attach,
            lower(name_vi) as label_key, null as clause, 'A' as obs_status, name as place_text,
            null as shares_value_with, outcome
        from drawn
        order by statement_no""",
    "facts": f"""
        select
            {COMMON}, statement_id as fact_id, indicator_code, admin_unit_code, valid_from as admin_unit_valid_from,
            level as admin_unit_level, name as admin_unit_name,
            chance(statement_no, 19) % 100 < 85 and year is not null as is_headline,
            if(kind = 'estimate', 'E', 'A') as obs_status, 'alias' as matched_by,
            0.6 + chance(statement_no, 20) % 40 / 100 as confidence
        from drawn
        where outcome = 'fact'
        order by statement_no""",
    "unmatched": f"""
        select
            'nhãn chưa biết ' || chance(statement_no, 21) % {DISTINCT_UNMATCHED} as label_key, label_key as label,
            count(*) as statement_count, count(distinct document_id) as document_count, 'percent' as units,
            'Một nhãn chưa biết.' as sample_quote, min(document_id) as sample_document_id,
            null as nearest_indicator_1, null as nearest_indicator_2, null as nearest_indicator_3,
            null as nearest_score
        from drawn
        where outcome = 'unmatched'
        group by all
        order by label_key""",
    "rejects": """
        select
            'reject ' || statement_no as reject_id, 'statement' as level, document_id, null as path, block_no,
            sha256('statement ' || statement_no || ' ' || getvariable('seed')) as statement_id,
            'rank' as reason_code, 'The figure is a rank.' as reason, 'Xếp hạng.' as quote
        from drawn
        where outcome = 'reject'
        order by statement_no""",
}


def write_raw(folder: Path, seeds: Path, fact_count: int, seed: int = 1) -> dict[str, Path]:
    """Write the raw tables of a country of so many facts into ``<folder>/<table>.parquet``; returns the paths.

    ``fact_count`` is rounded to whole documents of 100 facts; ``seeds`` is the catalog's folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document_count = max(1, fact_count // FACTS_PER_DOCUMENT)
    beside = UNMATCHED_PERCENT + REJECTED_PERCENT
    variables = {
        "seed": seed,
        "document_count": document_count,
        "statement_count": document_count * (FACTS_PER_DOCUMENT + beside),
        "beside": beside,
        "unmatched": UNMATCHED_PERCENT,
    }
    scratch = folder / "drawing.duckdb"
    scratch.unlink(missing_ok=True)
    with duckdb.connect(str(scratch)) as connection:
        connection.execute("set memory_limit = '4GB'")
        for name, number in variables.items():
            connection.execute(f"set variable {name} = {number}")
        parameters = {
            "admin_units": str(seeds / "admin_units.csv"),
            "indicators": str(seeds / "indicators.csv"),
        }
        for statement in BASE.split(";\n"):
            if statement.strip():
                named = {name: path for name, path in parameters.items() if f"${name}" in statement}
                connection.execute(statement, named)
        paths = {
            name: _write(connection, model, TABLES[name], folder / f"{name}.parquet")
            for name, model in NIGHT_TABLES.items()
        }
    scratch.unlink()
    return paths


def _write(connection: duckdb.DuckDBPyConnection, model: type[Contract], query: str, path: Path) -> Path:
    casts = ", ".join(f'cast("{c.name}" as {c.duckdb_type}) as "{c.name}"' for c in columns(model))
    connection.execute(f"copy (select {casts} from ({query})) to '{path}' (format parquet, compression zstd)")
    return path
