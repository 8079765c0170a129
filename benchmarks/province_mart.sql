-- The yearly province mart from raw Parquet files in one script, by hand: the peer that the warehouse is measured
-- against. Nothing else is computed: no vintages, no conflicts, no other level, no tests.
-- The variables facts, documents, indicators and national_targets hold the paths of the files. Leaves the table province_mart.
create temp table documents as
select document_id, document_number, issued_on, received_at, adjusts_document_number, title,
    admin_unit_code || '@' || strftime(admin_unit_valid_from, '%Y-%m-%d') as own_unit_key
from read_parquet(getvariable('documents'))
where withdrawn_at is null;

create temp table indicators as
select indicator_code, unit, case direction when 'higher_is_better' then 1 when 'lower_is_better' then -1 end as sign
from read_csv(getvariable('indicators'), all_varchar = true);

create temp table figures as
select
    f.fact_id, f.document_id, f.indicator_code, f.admin_unit_code, f.kind, f.year, f.value, f.comparator,
    f.approximate, f.obs_status, f.as_of, f.confidence, f.block_no, f.char_start, d.document_number, d.issued_on,
    d.received_at,
    d.adjusts_document_number is not null or coalesce(contains(lower(nfc_normalize(d.title)), 'điều chỉnh'), false)
        as is_adjustment,
    f.admin_unit_code || '@' || strftime(f.admin_unit_valid_from, '%Y-%m-%d') as unit_key,
    coalesce(d.own_unit_key = unit_key, false) as is_own
from read_parquet(getvariable('facts')) as f
inner join documents as d using (document_id)
where f.admin_unit_level = 'province' and f.is_headline and f.year is not null;

create temp table observed as
with winners as (
    select *,
        max(value) filter (where kind = 'baseline') over cell as some_baseline,
        row_number() over (
            partition by unit_key, indicator_code, year
            order by
                not is_own,
                case when kind = 'baseline' then 5 when obs_status = 'V' then 4
                    when kind = 'estimate' or obs_status = 'E' then 3 when obs_status = 'P' then 2 else 1 end,
                coalesce(as_of, least(issued_on, make_date(year, 12, 31))) desc nulls last,
                issued_on desc nulls last, received_at desc, document_id, block_no, char_start, fact_id
        ) as place
    from figures
    where kind <> 'target'
    window cell as (partition by unit_key, indicator_code, year)
)
select unit_key, indicator_code, year,
    max_by(kind, -place) as kind, max_by(value, -place) as value, max_by(obs_status, -place) as obs_status,
    max_by(document_id, -place) as document_id,
    arg_min(value, place) filter (where kind = 'baseline') as baseline_value
from winners
group by all;

create temp table targets as
select unit_key, indicator_code, year, value, comparator, approximate, document_id, 'own' as scope
from figures
where kind = 'target'
qualify row_number() over (
    partition by unit_key, indicator_code, year
    order by not is_own, coalesce(issued_on, if(is_adjustment, received_at::date, null)) desc nulls last,
        is_adjustment desc, received_at desc, confidence desc, document_id, block_no, char_start, fact_id
) = 1;

create temp table national_targets as
select indicator_code, year::integer as year, value::double as value, comparator
from read_csv(getvariable('national_targets'), all_varchar = true)
where list_contains(string_split(applies_to_levels, '|'), 'province')
qualify row_number() over (partition by indicator_code, year order by issued_on desc nulls last) = 1;

create temp table province_mart as
with cells as (
    select unit_key, indicator_code, year from observed
    union
    select unit_key, indicator_code, year from targets
),
plans as (
    select c.*, 'own' as scope, 1 as scope_order, t.year as target_year, t.value as target, t.comparator, t.approximate,
        t.document_id as target_document_id
    from cells as c inner join targets as t using (unit_key, indicator_code)
    union all
    select c.*, 'national', 2, n.year, n.value, n.comparator, false, null
    from (from cells c semi join national_targets using (indicator_code)) as c
    inner join national_targets as n using (indicator_code)
),
scopes as (
    select unit_key, indicator_code, year, scope,
        max(target_year) as final_year, arg_max(target, target_year) as final_value,
        arg_max(comparator, target_year) as final_comparator, arg_max(approximate, target_year) as final_approximate,
        max(target) filter (where target_year = year) as stated_value,
        max(comparator) filter (where target_year = year) as stated_comparator,
        bool_or(approximate) filter (where target_year = year) as stated_approximate,
        min(target_year) filter (where target_year > year) as next_year,
        arg_min(target, target_year) filter (where target_year > year) as next_value,
        max(target_year) filter (where target_year < year) as earlier_year,
        arg_max(target, target_year) filter (where target_year < year) as earlier_value
    from plans
    group by unit_key, indicator_code, year, scope
    qualify row_number() over (
        partition by unit_key, indicator_code, year order by final_year >= year desc, scope = 'own' desc
    ) = 1
),
bases as (
    select c.unit_key, c.indicator_code, c.year,
        arg_max(coalesce(o.baseline_value, o.value), case when o.baseline_value is not null and o.year < c.year
            then 30000 + o.year when o.baseline_value is not null then 20000 + o.year else -o.year end)
            filter (where o.year < c.year or o.baseline_value is not null) as baseline_value,
        arg_max(o.year, case when o.baseline_value is not null and o.year < c.year then 30000 + o.year
            when o.baseline_value is not null then 20000 + o.year else -o.year end)
            filter (where o.year < c.year or o.baseline_value is not null) as baseline_year,
        arg_max(coalesce(o.baseline_value, o.value), case when o.baseline_value is not null then 10000 + o.year
            else -o.year end)
            filter (where o.year < c.year and (o.baseline_value is not null or o.kind = 'actual')) as start_value,
        arg_max(o.year, case when o.baseline_value is not null then 10000 + o.year else -o.year end)
            filter (where o.year < c.year and (o.baseline_value is not null or o.kind = 'actual')) as start_year,
        arg_max(o.value, o.year) filter (where o.year < c.year) as previous_value
    from cells as c inner join observed as o using (unit_key, indicator_code)
    where o.year <= c.year
    group by all
),
lines as (
    select c.*, i.unit, i.sign, o.value as actual_value, o.kind as actual_kind, o.obs_status, o.document_id,
        b.previous_value, b.baseline_value, b.baseline_year, s.scope as target_scope, s.final_year, s.final_value,
        s.final_comparator, s.final_approximate, s.stated_value, s.stated_comparator, s.stated_approximate,
        s.next_year, s.next_value,
        if(s.scope = 'own' and b.start_year > coalesce(s.earlier_year, 0), b.start_year, s.earlier_year) as from_year,
        if(s.scope = 'own' and b.start_year > coalesce(s.earlier_year, 0), b.start_value, s.earlier_value)
            as from_value
    from cells as c
    inner join indicators as i using (indicator_code)
    left join observed as o using (unit_key, indicator_code, year)
    left join scopes as s using (unit_key, indicator_code, year)
    left join bases as b using (unit_key, indicator_code, year)
),
planned as (
    select *,
        case when stated_value is not null then 'stated'
            when final_year is null then null
            when unit <> 'boolean' and next_year is not null and from_year is not null then 'interpolated'
            else 'end_of_plan' end as target_basis,
        case target_basis when 'stated' then stated_value
            when 'interpolated' then round(
                from_value + (next_value - from_value) * (year - from_year) / (next_year - from_year), 6)
            when 'end_of_plan' then final_value end as target_value,
        if(target_basis = 'stated', stated_value, final_value) as judged,
        if(target_basis = 'stated', stated_comparator, final_comparator) as judged_comparator,
        if(target_basis = 'stated', stated_approximate, final_approximate) as judged_approximate,
        least(year, final_year) as judged_year
    from lines
),
rated as (
    select *,
        case when judged_comparator = '=' or judged_approximate then sign * (actual_value - judged) >= 0
            when judged_comparator = '>' then actual_value > judged
            when judged_comparator = '>=' then actual_value >= judged
            when judged_comparator = '<' then actual_value < judged
            when judged_comparator = '<=' then actual_value <= judged end as is_met,
        baseline_year < year and sign * (baseline_value - judged) >= 0 as is_to_keep,
        case when target_basis in ('stated', 'interpolated') or year > final_year then target_value end as planned_value,
        case when unit <> 'boolean' then round(case sign when 1 then actual_value / nullif(planned_value, 0)
            when -1 then planned_value / nullif(actual_value, 0) end, 6) end as trajectory_ratio,
        case when unit <> 'boolean' and baseline_value <> final_value and judged_year > baseline_year
            and final_year > baseline_year
            then round(((actual_value - baseline_value) / (judged_year - baseline_year))
                / ((final_value - baseline_value) / (final_year - baseline_year)), 6) end as linear_pace_ratio,
        case when judged <> 0 and (target_basis = 'stated' or year > final_year)
            then coalesce(trajectory_ratio, linear_pace_ratio)
            else coalesce(linear_pace_ratio, trajectory_ratio) end as ratio
    from planned
)
select unit_key, indicator_code, year, unit, actual_value, actual_kind, obs_status,
    previous_value as previous_actual_value, target_value, target_scope, target_basis, final_value as final_target_value,
    final_year as final_target_year, baseline_value, baseline_year,
    round(actual_value - target_value, 6) as gap_to_target, trajectory_ratio, linear_pace_ratio,
    case
        when actual_value is null then 'no_observation'
        when target_value is null then 'no_target'
        when is_met then 'achieved'
        when unit = 'boolean' and not is_met then 'insufficient'
        when is_to_keep then 'moving_away'
        when ratio >= 0.95 then 'on_track'
        when ratio >= 0.60 then 'moderate'
        when ratio >= 0 then 'insufficient'
        when ratio < 0 then 'moving_away'
        else 'not_assessable'
    end as progress_status,
    document_id as observation_document_id
from rated;
