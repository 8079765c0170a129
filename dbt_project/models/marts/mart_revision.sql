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
        known_to,
        withdrawn_at,
        is_current,
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
        known_to,
        withdrawn_at,
        is_current,
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
{# Cells that lost a document: a figure may hold their place more than once. #}
disturbed_cells as (

    select distinct {{ cell_columns | join(', ') }}
    from ranked
    where withdrawn_at is not null

),

disturbed as (

    select ranked.*
    from ranked
    semi join disturbed_cells
        on {% for column in cell_columns -%}
        ranked.{{ column }} = disturbed_cells.{{ column }}
        {%- if not loop.last %}
        and {% endif %}
        {%- endfor %}

),

{{ held_periods('vintage_id', cell_columns) }},

valued_periods as (

    {# Everywhere else a figure that ever held its place holds it now or has lost it. #}
    select
        {% for column in cell_columns %}
        ranked.{{ column }},
        {% endfor %}
        ranked.known_from as held_from,
        ranked.known_to as held_to,
        ranked.vintage_id,
        ranked.unit,
        ranked.kind,
        ranked.value,
        ranked.document_id,
    from ranked
    anti join disturbed_cells
        on {% for column in cell_columns -%}
        ranked.{{ column }} = disturbed_cells.{{ column }}
        {%- if not loop.last %}
        and {% endif %}
        {%- endfor %}

    where ranked.is_current
        or ranked.known_to is not null

    union all

    select
        {% for column in cell_columns %}
        held_periods.{{ column }},
        {% endfor %}
        held_periods.held_from,
        held_periods.held_to,
        held_periods.holder_id as vintage_id,
        disturbed.unit,
        disturbed.kind,
        disturbed.value,
        disturbed.document_id,
    from held_periods
    left join disturbed
        on held_periods.measure = disturbed.measure
        and held_periods.holder_id = disturbed.vintage_id

),

numbered_periods as (

    select
        *,
        lag(value) over periods_of_cell as value_before,
        row_number() over periods_of_cell as period_no,
    from valued_periods
    window periods_of_cell as (
        partition by {{ cell_columns | join(', ') }}
        order by held_from
    )

),

cells as (

    select
        {{ cell_columns | join(', ') }},
        {% for column in ['vintage_id', 'unit', 'kind', 'value', 'document_id'] %}
        max({{ column }}) filter (where period_no = 1) as first_{{ column }},
        max({{ column }}) filter (where held_to is null) as last_{{ column }},
        {% endfor %}
        min(held_from) as first_known_from,
        max(held_from) filter (where period_no = 1 or value is distinct from value_before) as last_changed_at,
        cast(
            count(*) filter (where period_no > 1 and value is distinct from value_before) as integer
        ) as revision_count,
    from numbered_periods
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
    cells.first_unit as unit,
    cells.first_value,
    cells.last_value,
    round(cells.last_value - cells.first_value, 6) as change,
    round((cells.last_value - cells.first_value) / nullif(abs(cells.first_value), 0) * 100, 6) as change_pct,
    case
        when cells.last_vintage_id is null then 'withdrawn'
        when cells.revision_count > 0 then 'revised'
        else 'unrevised'
    end as revision_status,
    cells.revision_count,
    vintage_counts.vintage_count,
    cells.first_kind,
    cells.last_kind,
    cells.first_known_from,
    cells.last_changed_at,
    cells.first_document_id,
    cells.last_document_id,
    cells.first_vintage_id,
    cells.last_vintage_id,
from cells
inner join units on cells.admin_unit_key = units.admin_unit_key
inner join vintage_counts
    on cells.measure = vintage_counts.measure
    and cells.admin_unit_key = vintage_counts.admin_unit_key
    and cells.indicator_code = vintage_counts.indicator_code
    and cells.year = vintage_counts.year
order by cells.measure, cells.admin_unit_key, cells.indicator_code, cells.year
