with

cells as (

    {% for level in ['province', 'district', 'commune'] %}
    select
        admin_unit_code,
        '{{ level }}' as level,
        indicator_code,
        year,
        actual_value,
        target_value,
        progress_status,
    from {{ ref('mart_' ~ level ~ '_indicator_yearly') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

released as (

    select * from {{ ref('stg_released_cells') }}

),

{# A code may name two units within one year; their cells are then told apart by their order. #}
current_cells as (

    select
        *,
        row_number() over (
            partition by admin_unit_code, level, indicator_code, year
            order by actual_value, target_value, progress_status
        ) as cell_order,
    from cells

),

released_cells as (

    select
        release_slot,
        admin_unit_code,
        level,
        indicator_code,
        year,
        actual_value,
        target_value,
        progress_status,
        row_number() over (
            partition by release_slot, admin_unit_code, level, indicator_code, year
            order by actual_value, target_value, progress_status
        ) as cell_order,
    from released

),

comparisons as (

    {% for slot in ['current', 'previous'] %}
    select
        '{{ slot }}' as release_slot,
        coalesce(now.admin_unit_code, before.admin_unit_code) as admin_unit_code,
        coalesce(now.level, before.level) as level,
        coalesce(now.indicator_code, before.indicator_code) as indicator_code,
        coalesce(now.year, before.year) as year,
        coalesce(now.cell_order, before.cell_order) as cell_order,
        case
            when before.cell_order is null then 'added'
            when now.cell_order is null then 'removed'
            when now.actual_value is distinct from before.actual_value
                or now.target_value is distinct from before.target_value
                or now.progress_status is distinct from before.progress_status
                then 'changed'
        end as change_type,
        before.actual_value as previous_actual_value,
        now.actual_value as current_actual_value,
        before.target_value as previous_target_value,
        now.target_value as current_target_value,
        before.progress_status as previous_progress_status,
        now.progress_status as current_progress_status,
    from current_cells as now
    full outer join (select * from released_cells where release_slot = '{{ slot }}') as before
        on now.admin_unit_code = before.admin_unit_code
        and now.level = before.level
        and now.indicator_code = before.indicator_code
        and now.year = before.year
        and now.cell_order = before.cell_order
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

{# A night that changed nothing still shows what the last change was: it looks one release further back. #}
chosen_slot as (

    select
        if(
            count(*) filter (where release_slot = 'current' and change_type is not null) = 0,
            'previous',
            'current'
        ) as release_slot,
    from comparisons

)

select
    comparisons.admin_unit_code,
    comparisons.level,
    comparisons.indicator_code,
    comparisons.year,
    comparisons.change_type,
    comparisons.previous_actual_value,
    comparisons.current_actual_value,
    comparisons.previous_target_value,
    comparisons.current_target_value,
    comparisons.previous_progress_status,
    comparisons.current_progress_status,
    cast(comparisons.cell_order as integer) as cell_order,
from comparisons
inner join chosen_slot on comparisons.release_slot = chosen_slot.release_slot
where comparisons.change_type is not null
order by
    comparisons.level,
    comparisons.admin_unit_code,
    comparisons.indicator_code,
    comparisons.year,
    comparisons.cell_order
