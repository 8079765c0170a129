with

observed as (

    select * from {{ ref('int_observation') }}

),

current_targets as (

    select * from {{ ref('int_target') }} where is_current

),

observations as (

    select
        admin_unit_key,
        indicator_code,
        year,
        kind,
        value,
        baseline_value,
    from observed

),

targets as (

    select
        target_id,
        admin_unit_key,
        indicator_code,
        year,
        value,
        applies_to_levels,
        document_number,
    from current_targets

),

units as (

    select * from {{ ref('int_admin_unit') }}

),

indicators as (

    select * from {{ ref('stg_indicators') }}

),

target_rules as (

    select * from {{ ref('stg_target_rules') }}

),

{{ resolve_yearly_cells() }},

cells_before as (

    select
        resolved_cells.admin_unit_key,
        resolved_cells.indicator_code,
        resolved_cells.year,
        max(observed.year) as previous_year,
        arg_max(observed.value, observed.year) as previous_actual_value,
    from resolved_cells
    inner join observed
        on resolved_cells.admin_unit_key = observed.admin_unit_key
        and resolved_cells.indicator_code = observed.indicator_code
        and resolved_cells.year > observed.year
    group by all

)

select
    resolved_cells.admin_unit_key,
    units.level,
    resolved_cells.indicator_code,
    indicators.unit,
    indicators.direction,
    resolved_cells.year,
    observed.value as actual_value,
    observed.kind as actual_kind,
    observed.as_of as actual_as_of,
    coalesce(
        observed.obs_status,
        if(units.valid_to < make_date(resolved_cells.year, 1, 1), 'M', 'L')
    ) as obs_status,
    cells_before.previous_actual_value,
    cells_before.previous_year,
    resolved_cells.target_value,
    planned_targets.comparator as target_comparator,
    resolved_cells.target_scope,
    resolved_cells.target_basis,
    final_targets.value as final_target_value,
    final_targets.year as final_target_year,
    if(resolved_cells.target_basis = 'stated', planned_targets.value, final_targets.value) as judged_target_value,
    if(
        resolved_cells.target_basis = 'stated', planned_targets.comparator, final_targets.comparator
    ) as judged_target_comparator,
    if(
        resolved_cells.target_basis = 'stated', planned_targets.is_approximate, final_targets.is_approximate
    ) as judged_target_is_approximate,
    resolved_cells.baseline_value,
    resolved_cells.baseline_year,
    observed.document_id as observation_document_id,
    planned_targets.document_id as target_document_id,
    planned_targets.document_number as target_document_number,
    observed.fact_id as observation_fact_id,
    planned_targets.fact_id as target_fact_id,
    planned_targets.target_id,
    observed.winning_rule,
    observed.competing_count,
    observed.conflict_count,
from resolved_cells
inner join units on resolved_cells.admin_unit_key = units.admin_unit_key
inner join indicators on resolved_cells.indicator_code = indicators.indicator_code
left join observed
    on resolved_cells.admin_unit_key = observed.admin_unit_key
    and resolved_cells.indicator_code = observed.indicator_code
    and resolved_cells.year = observed.year
left join cells_before
    on resolved_cells.admin_unit_key = cells_before.admin_unit_key
    and resolved_cells.indicator_code = cells_before.indicator_code
    and resolved_cells.year = cells_before.year
left join current_targets as planned_targets on resolved_cells.target_id = planned_targets.target_id
left join current_targets as final_targets on resolved_cells.final_target_id = final_targets.target_id
order by resolved_cells.admin_unit_key, resolved_cells.indicator_code, resolved_cells.year
