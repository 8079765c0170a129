with

observations as (

    select
        'observation' as measure,
        vintage_id,
        admin_unit_key,
        indicator_code,
        year,
        unit,
        kind,
        value,
        document_id,
        priority_rank,
        known_from,
        withdrawn_at,
    from {{ ref('int_observation_vintage') }}
    where priority_rank is not null

),

targets as (

    select
        'target' as measure,
        target_id as vintage_id,
        admin_unit_key,
        indicator_code,
        year,
        unit,
        'target' as kind,
        value,
        document_id,
        priority_rank,
        known_from,
        withdrawn_at,
    from {{ ref('int_target') }}

),

units as (

    select * from {{ ref('int_admin_unit') }}

),

ranked as (

    select * from observations
    union all by name
    select * from targets

),

{% set cell_columns = ['measure', 'admin_unit_key', 'indicator_code', 'year'] %}
{{ held_periods('vintage_id', cell_columns) }},

valued_periods as (

    select
        held_periods.*,
        ranked.value,
        lag(ranked.value) over (
            partition by
                held_periods.measure,
                held_periods.admin_unit_key,
                held_periods.indicator_code,
                held_periods.year
            order by held_periods.held_from
        ) as value_before,
        row_number() over (
            partition by
                held_periods.measure,
                held_periods.admin_unit_key,
                held_periods.indicator_code,
                held_periods.year
            order by held_periods.held_from
        ) as period_no,
    from held_periods
    left join ranked
        on held_periods.measure = ranked.measure
        and held_periods.holder_id = ranked.vintage_id

),

cells as (

    select
        {{ cell_columns | join(', ') }},
        max(holder_id) filter (where period_no = 1) as first_vintage_id,
        max(holder_id) filter (where held_to is null) as last_vintage_id,
        min(held_from) as first_known_from,
        max(held_from) filter (where period_no = 1 or value is distinct from value_before) as last_changed_at,
        cast(
            count(*) filter (where period_no > 1 and value is distinct from value_before) as integer
        ) as revision_count,
    from valued_periods
    group by all

),

vintage_counts as (

    select
        {{ cell_columns | join(', ') }},
        cast(count(*) as integer) as vintage_count,
    from ranked
    group by all

)

select
    cells.measure,
    cells.admin_unit_key,
    units.admin_unit_code,
    units.name as admin_unit_name,
    units.level,
    cells.indicator_code,
    cells.year,
    firsts.unit,
    firsts.value as first_value,
    lasts.value as last_value,
    round(lasts.value - firsts.value, 6) as change,
    round((lasts.value - firsts.value) / nullif(abs(firsts.value), 0) * 100, 6) as change_pct,
    case
        when cells.last_vintage_id is null then 'withdrawn'
        when cells.revision_count > 0 then 'revised'
        else 'unrevised'
    end as revision_status,
    cells.revision_count,
    vintage_counts.vintage_count,
    firsts.kind as first_kind,
    lasts.kind as last_kind,
    cells.first_known_from,
    cells.last_changed_at,
    firsts.document_id as first_document_id,
    lasts.document_id as last_document_id,
    cells.first_vintage_id,
    cells.last_vintage_id,
from cells
inner join units on cells.admin_unit_key = units.admin_unit_key
inner join vintage_counts
    on cells.measure = vintage_counts.measure
    and cells.admin_unit_key = vintage_counts.admin_unit_key
    and cells.indicator_code = vintage_counts.indicator_code
    and cells.year = vintage_counts.year
inner join ranked as firsts
    on cells.measure = firsts.measure
    and cells.first_vintage_id = firsts.vintage_id
left join ranked as lasts
    on cells.measure = lasts.measure
    and cells.last_vintage_id = lasts.vintage_id
order by cells.measure, cells.admin_unit_key, cells.indicator_code, cells.year
