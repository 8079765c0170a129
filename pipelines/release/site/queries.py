"""What the pages ask the released database. Rows come back as dictionaries; nothing is judged here.

``prepare`` makes two views of the session: ``yearly`` (all levels, the country included) and ``latest``
(per unit and indicator the newest year with a figure, else the newest year with a target).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

Row = dict[str, Any]

COUNTRY = "VN@1976-07-02"
YEARLY_COLUMNS = """
    admin_unit_key, province_key, indicator_code, unit, direction, year, actual_value, actual_kind, actual_as_of,
    obs_status, previous_actual_value, previous_year, change_from_previous, target_value, target_comparator,
    target_scope, target_basis, final_target_value, final_target_year, baseline_value, baseline_year,
    gap_to_target, attainment_pct, progress_status, near_limit, winning_rule, competing_count, conflict_count,
    observation_document_id, observation_fact_id, target_document_id, target_fact_id, target_id,
    target_document_number
"""
# The country has no yearly mart: its observations beside its targets, without a judgement.
COUNTRY_YEARLY = """
    select
        'country' as level, coalesce(o.admin_unit_key, t.admin_unit_key) as admin_unit_key,
        coalesce(o.indicator_code, t.indicator_code) as indicator_code, coalesce(o.unit, t.unit) as unit,
        i.direction, coalesce(o.year, t.year) as year, o.value as actual_value, o.kind as actual_kind,
        o.as_of as actual_as_of, o.obs_status, t.value as target_value, t.comparator as target_comparator,
        if(t.value is null, null, 'own') as target_scope, if(t.value is null, null, 'stated') as target_basis,
        o.winning_rule, o.competing_count, coalesce(o.conflict_count, 0) as conflict_count,
        o.document_id as observation_document_id, o.fact_id as observation_fact_id,
        t.document_id as target_document_id, t.fact_id as target_fact_id, t.target_id,
        t.document_number as target_document_number
    from (from marts.fct_observation where level = 'country') as o
    full join (
        from marts.fct_target where level = 'country' and is_current
        qualify row_number() over (partition by indicator_code, year order by priority_rank, target_id) = 1
    ) as t
        on t.admin_unit_key = o.admin_unit_key and t.indicator_code = o.indicator_code and t.year = o.year
    inner join marts.dim_indicator as i on i.indicator_code = coalesce(o.indicator_code, t.indicator_code)
"""
YEARLY = f"""
    create temp view yearly as
    select 'province' as level, {YEARLY_COLUMNS} from marts.mart_province_indicator_yearly
    union all by name
    select 'district' as level, {YEARLY_COLUMNS} from marts.mart_district_indicator_yearly
    union all by name
    select 'commune' as level, {YEARLY_COLUMNS} from marts.mart_commune_indicator_yearly
    union all by name ({COUNTRY_YEARLY})
"""  # noqa: S608 - made of constants
LATEST = """
    create temp table latest as
    from yearly
    qualify row_number() over (
        partition by admin_unit_key, indicator_code order by actual_value is not null desc, year desc
    ) = 1
"""
UNITS = """
    select u.*, y.indicator_count, y.figure_count, y.first_year, y.last_year
    from marts.dim_admin_unit as u
    left join (
        select
            admin_unit_key, count(distinct indicator_code) as indicator_count, count(actual_value) as figure_count,
            min(year) as first_year, max(year) as last_year
        from yearly group by all
    ) as y using (admin_unit_key)
    where u.level in ('country', 'province', 'district') or y.indicator_count is not null
    order by u.level, u.admin_unit_code, u.valid_from
"""
INDICATORS = """
    select i.*, u.name_vi as unit_name_vi, u.name_en as unit_name_en, f.name_vi as family_name_vi,
        f.name_en as family_name_en, m.counts_vi, m.counts_en,
        coalesce(m.position, 999) as position
    from marts.dim_indicator as i
    left join reference.units as u on u.unit = i.unit
    left join reference.indicator_families as f on f.family_code = i.family_code
    left join reference.indicator_family_members as m
        on m.indicator_code = i.indicator_code and m.family_code = i.family_code
    order by i.indicator_code
"""
DOCUMENTS = """
    select d.*
    from marts.dim_document as d
    order by d.issued_on desc nulls last, d.path, d.document_id
"""
STATUS_COUNTS = """
    select level, progress_status, count(*) as n from latest where progress_status is not null group by all order by all
"""
UNIT_STATUSES = """
    select admin_unit_key, level, province_key, progress_status, count(*) as n
    from latest where progress_status is not null group by all order by all
"""
TOTALS = """
    select
        (select count(*) from raw.facts) as facts,
        (select count(*) from raw.statements) as statements,
        (select count(*) from marts.dim_document where document_status = 'read') as documents,
        (select count(*) from raw.rejects) as rejects,
        (select count(*) from raw.unmatched) as unmatched,
        (select coalesce(sum(statement_count), 0) from raw.unmatched) as unmatched_statements,
        (select count(*) from marts.mart_conflict) as conflicts,
        (select count(*) from marts.mart_quality_issue) as issues,
        (select count(*) from marts.fct_observation) as observations,
        (select count(*) from marts.fct_target) as targets,
        (select max(received_at)::date from marts.dim_document) as received_on
"""
NATIONAL_TARGETS = """
    select t.*, n.document_title, n.note
    from marts.fct_target as t
    left join reference.national_targets as n
        on t.target_id = 'national:' || n.document_number || ':' || n.indicator_code || ':' || n.year
    where t.level = 'country' and list_contains($1, t.indicator_code)
    order by t.indicator_code, t.year, t.priority_rank nulls last, t.target_id
"""
UNIT_YEARLY = """
    from yearly where list_contains($1, admin_unit_key) order by admin_unit_key, indicator_code, year
"""
INDICATOR_LATEST = """
    from latest where list_contains($1, indicator_code) order by indicator_code, level, admin_unit_key
"""
INDICATOR_YEARS = """
    from yearly
    where list_contains($1, indicator_code) and level in ('country', 'province') and actual_value is not null
    order by indicator_code, admin_unit_key, year
"""
# Cells for which more than one figure was known, with every one of them, the winner first.
COMPETING = """
    select
        v.*, o.fact_id as winner_fact_id, o.document_id as winner_document_id, o.value as winner_value,
        o.winning_rule, v.vintage_id = o.vintage_id as is_winner
    from marts.fct_observation as o
    inner join marts.fct_observation_vintage as v using (admin_unit_key, indicator_code, year)
    where o.competing_count > 0
    order by admin_unit_key, indicator_code, year, is_winner desc, v.priority_rank nulls last, v.vintage_id
"""
COMPETING_TARGETS = """
    from marts.fct_target
    qualify count(*) over (partition by admin_unit_key, indicator_code, year) > 1
    order by admin_unit_key, indicator_code, year, is_current desc, priority_rank nulls last, target_id
"""
CORRECTIONS = """
    select v.*, c.reason, c.corrected_by, c.corrected_on
    from marts.fct_observation_vintage as v
    inner join reference.corrections as c using (correction_id)
    where v.document_id in (select unnest($1))
    order by v.vintage_id
"""
DII = """
    from marts.mart_dii_score_yearly where list_contains($1, admin_unit_key)
    order by admin_unit_key, year, group_code, try_cast(criterion as double), criterion
"""
DII_TOTALS = """
    from marts.mart_dii_total_yearly where list_contains($1, admin_unit_key) order by admin_unit_key, year
"""
COMPLIANCE = """
    from marts.mart_reporting_compliance where list_contains($1, admin_unit_key)
    order by admin_unit_key, due_on desc, obligation_code
"""
COMPLIANCE_ALL = """
    from marts.mart_reporting_compliance
    order by status in ('late', 'missing') desc, due_on desc, admin_unit_code, obligation_code limit ?
"""
COMPLIANCE_SUMMARY = """
    select
        obligation_code, any_value(obligation_name_vi order by due_on desc) as obligation_name_vi,
        any_value(obligation_name_en order by due_on desc) as obligation_name_en,
        bool_and(is_confirmed) as is_confirmed, any_value(legal_basis) as legal_basis, count(*) as n,
        count(*) filter (where status = 'late') as late, count(*) filter (where status = 'missing') as missing,
        count(*) filter (where status in ('on_time', 'received')) as received,
        count(*) filter (where status = 'pending') as pending,
        count(distinct admin_unit_key) filter (where status in ('late', 'missing')) as late_units
    from marts.mart_reporting_compliance group by obligation_code
    order by late + missing desc, obligation_code
"""
CHANGES_SUMMARY = """
    select change_type, level, count(*) as n from marts.mart_release_change group by all order by all
"""
# The mart names a unit by code; the cell of that year says which period of validity is meant.
CHANGES = """
    select c.*, y.admin_unit_key, y.unit, y.observation_document_id, y.observation_fact_id
    from marts.mart_release_change as c
    left join yearly as y
        on y.level = c.level and split_part(y.admin_unit_key, '@', 1) = c.admin_unit_code
        and y.indicator_code = c.indicator_code and y.year = c.year
    order by c.change_type = 'added', c.change_type, c.level, c.admin_unit_code, c.indicator_code, c.year
    limit ?
"""
CHANGED_UNITS = """
    select c.level, y.admin_unit_key, c.change_type, count(*) as n
    from marts.mart_release_change as c
    inner join yearly as y
        on y.level = c.level and split_part(y.admin_unit_key, '@', 1) = c.admin_unit_code
        and y.indicator_code = c.indicator_code and y.year = c.year
    group by all order by n desc, admin_unit_key, change_type limit 12
"""
REJECT_REASONS = """
    select level, reason_code, count(*) as n, count(distinct document_id) as documents
    from raw.rejects group by all order by n desc, level, reason_code
"""
REJECTS = """
    from raw.rejects order by level = 'statement', path, block_no nulls first, reject_id limit ?
"""
UNMATCHED = """
    from raw.unmatched order by statement_count desc, label_key limit ?
"""
CONFLICTS = """
    from marts.mart_conflict
    order by level, admin_unit_key, indicator_code, year, winner_vintage_id, other_vintage_id limit ?
"""
ISSUES = """
    from marts.mart_quality_issue order by check_code, admin_unit_key, indicator_code, year, fact_id limit ?
"""
COVERAGE = """
    select
        admin_unit_key, year, count(*) filter (where has_observation) as own, count(*) as possible,
        max(reporting_district_count) as districts, max(district_count) as of_districts,
        max(reporting_commune_count) as communes
    from marts.mart_coverage group by all order by admin_unit_key, year
"""
DOCUMENT_FACTS = """
    select
        f.*, s.value_text, s.table_no as in_table, v.priority_rank, v.is_current as is_current_vintage,
        o.fact_id as winner_fact_id, o.document_id as winner_document_id, o.value as winner_value,
        o.winning_rule, o.competing_count, o.conflict_count, o.correction_id as winner_correction_id,
        t.target_id, t.is_current as is_current_target,
        concat(f.admin_unit_code, '@', f.admin_unit_valid_from) as admin_unit_key
    from raw.facts as f
    left join raw.statements as s using (statement_id)
    left join marts.fct_observation_vintage as v on v.fact_id = f.fact_id and v.correction_id is null
    left join marts.fct_observation as o
        on o.admin_unit_key = v.admin_unit_key and o.indicator_code = v.indicator_code and o.year = v.year
    left join marts.fct_target as t on t.fact_id = f.fact_id
    where f.document_id in (select unnest($1))
    order by f.document_id, f.block_no, f.char_start, f.table_row nulls first, f.table_column nulls first, f.fact_id
"""
DOCUMENT_REJECTS = """
    from raw.rejects where document_id in (select unnest($1))
    order by document_id, block_no nulls first, reject_id
"""
DOCUMENT_UNMATCHED = """
    from raw.statements where outcome = 'unmatched' and document_id in (select unnest($1))
    order by document_id, block_no, char_start, statement_id
"""
UNIT_DOCUMENTS = """
    select admin_unit_key, document_id, count(*) as n
    from (
        select admin_unit_key, observation_document_id as document_id from yearly
        where list_contains($1, admin_unit_key) and observation_document_id is not null
        union all
        select admin_unit_key, target_document_id from yearly
        where list_contains($1, admin_unit_key) and target_document_id is not null
    )
    group by all order by admin_unit_key, n desc, document_id
"""
SUCCESSORS = """
    select b.*, true as is_successor, b.old_admin_unit_key as of_key, b.new_admin_unit_key as other_key
    from marts.bridge_admin_unit_successor as b
    where list_contains($1, b.old_admin_unit_key) and b.old_admin_unit_key <> b.new_admin_unit_key
    union all
    select b.*, false, b.new_admin_unit_key, b.old_admin_unit_key
    from marts.bridge_admin_unit_successor as b
    where list_contains($1, b.new_admin_unit_key) and b.old_admin_unit_key <> b.new_admin_unit_key
    order by of_key, is_successor, other_key
"""
OUTLINE = """
    select longitude, latitude from marts.dim_admin_unit
    where level = 'commune' and valid_to is null and latitude is not null and longitude is not null
    order by latitude, longitude
"""
# Special zones far out at sea are named on the map, since a dot alone would not be seen.
SEA_ZONES = """
    select name, bare_name, longitude, latitude from marts.dim_admin_unit
    where level = 'commune' and valid_to is null and unit_type = 'đặc khu' and longitude > 110
    order by bare_name
"""
PROGRESS_RULES = "from reference.progress_rules order by rule_version, parameter"
ALIASES = """
    select indicator_code, alias, segment from reference.indicator_aliases
    where list_contains($1, indicator_code) order by indicator_code, alias
"""
LINEAGE_DOCUMENTS = """
    select
        indicator_code, document_id, count(*) as n, count(*) filter (where is_headline) as headline,
        count(*) filter (where kind = 'target') as targets
    from raw.facts where list_contains($1, indicator_code) group by indicator_code, document_id
    qualify row_number() over (partition by indicator_code order by n desc, document_id) <= $2
    order by indicator_code, n desc, document_id
"""
LINEAGE_COUNTS = """
    select
        indicator_code, count(*) as facts, count(distinct document_id) as documents,
        count(*) filter (where is_headline) as headline, count(*) filter (where kind = 'target') as targets,
        min(confidence) as least_confidence
    from raw.facts where list_contains($1, indicator_code) group by indicator_code order by indicator_code
"""
LINEAGE_MATCHED = """
    select indicator_code, matched_by, count(*) as n from raw.facts
    where list_contains($1, indicator_code) group by all order by indicator_code, n desc, matched_by
"""
LINEAGE_LABELS = """
    select indicator_code, label, count(*) as n, count(distinct document_id) as documents
    from raw.facts where list_contains($1, indicator_code) group by indicator_code, label
    qualify row_number() over (partition by indicator_code order by n desc, label) <= $2
    order by indicator_code, n desc, label
"""
# Marts in the order in which figures pass through them, with the column that names the indicator.
INDICATOR_MARTS = """
    select table_name, comment
    from duckdb_tables()
    where database_name = current_database() and schema_name = 'marts' and exists (
        select 1 from duckdb_columns() as c
        where c.database_name = current_database() and c.schema_name = 'marts'
            and c.table_name = duckdb_tables.table_name and c.column_name = 'indicator_code'
    )
    order by table_name
"""


def prepare(connection: DuckDBPyConnection) -> None:
    """Make the session's views; nothing is written into the database itself."""
    connection.execute("set enable_progress_bar = false")
    connection.execute(YEARLY)
    connection.execute(LATEST)


def rows(connection: DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
    """The rows of a query, in its order."""
    cursor = connection.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one(connection: DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> Row:
    """The single row of a query."""
    return rows(connection, sql, parameters)[0]


def grouped(found: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """Rows by the value of a column, in their order."""
    groups: dict[Any, list[Row]] = {}
    for row in found:
        groups.setdefault(row[column], []).append(row)
    return groups


def rows_by_mart(connection: DuckDBPyConnection, codes: Sequence[str]) -> list[Row]:
    """Rows that each mart holds of each indicator; marts without any are left out."""
    marts = rows(connection, INDICATOR_MARTS)
    union = " union all ".join(
        f"select indicator_code, '{mart['table_name']}' as mart from marts.{mart['table_name']}"  # noqa: S608 - names of the released database
        for mart in marts
    )
    found = rows(
        connection,
        f"select indicator_code, mart, count(*) as n from ({union}) where list_contains($1, indicator_code)"  # noqa: S608 - as above
        " group by all order by indicator_code, mart",
        [list(codes)],
    )
    comments = {mart["table_name"]: mart["comment"] for mart in marts}
    return [row | {"comment": comments[row["mart"]]} for row in found]
