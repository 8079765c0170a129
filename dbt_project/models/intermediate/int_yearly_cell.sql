{{ config(materialized='view') }}

with

observations as not materialized (

    select * from {{ ref('int_observation') }}

),

targets as not materialized (

    select * from {{ ref('int_target') }} where is_current

),

{# Of several documents that leave the place empty the later one says why. #}
empty_cells as (

    select
        admin_unit_key,
        indicator_code,
        year,
        arg_max(obs_status, (known_from, statement_id)) as empty_status,
    from {{ ref('int_empty_cell') }}
    where withdrawn_at is null
    group by all

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

unobserved_cells as (

    select admin_unit_key, indicator_code, year from targets
    union
    select admin_unit_key, indicator_code, year from empty_cells

),

known_cells as (

    select
        admin_unit_key,
        indicator_code,
        year,
        kind,
        value,
        baseline_value,
        as_of,
        obs_status,
        document_id,
        fact_id,
        winning_rule,
        competing_count,
        conflict_count,
    from observations

    union all by name

    select unobserved_cells.*
    from unobserved_cells
    anti join observations
        on unobserved_cells.admin_unit_key = observations.admin_unit_key
        and unobserved_cells.indicator_code = observations.indicator_code
        and unobserved_cells.year = observations.year

),

cells as (

    select
        known_cells.*,
        units.admin_unit_code,
        units.level,
        targets.target_id as stated_target_id,
        targets.value as stated_value,
    from known_cells
    inner join units on known_cells.admin_unit_key = units.admin_unit_key
    left join targets
        on known_cells.admin_unit_key = targets.admin_unit_key
        and known_cells.indicator_code = targets.indicator_code
        and known_cells.year = targets.year

),

{% for level in ['province', 'country'] %}
{{ level }}_observations as (

    select observations.*
    from observations
    inner join units on observations.admin_unit_key = units.admin_unit_key
    where units.level = '{{ level }}'

),

{{ level }}_targets as (

    select targets.*
    from targets
    inner join units on targets.admin_unit_key = units.admin_unit_key
    where units.level = '{{ level }}'

),

{% endfor %}
{{ resolve_yearly_cells() }}

select
    resolved_cells.admin_unit_key,
    resolved_cells.level,
    resolved_cells.indicator_code,
    resolved_cells.unit,
    resolved_cells.direction,
    resolved_cells.year,
    resolved_cells.value as actual_value,
    resolved_cells.kind as actual_kind,
    resolved_cells.as_of as actual_as_of,
    coalesce(
        resolved_cells.obs_status,
        if(resolved_cells.valid_to < make_date(resolved_cells.year, 1, 1), 'M', null),
        empty_cells.empty_status,
        'L'
    ) as obs_status,
    resolved_cells.previous_actual_value,
    resolved_cells.previous_year,
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
    resolved_cells.document_id as observation_document_id,
    planned_targets.document_id as target_document_id,
    planned_targets.document_number as target_document_number,
    resolved_cells.fact_id as observation_fact_id,
    planned_targets.fact_id as target_fact_id,
    planned_targets.target_id,
    planned_targets.is_confirmed as target_is_confirmed,
    resolved_cells.winning_rule,
    resolved_cells.competing_count,
    resolved_cells.conflict_count,
from resolved_cells
left join empty_cells
    on resolved_cells.admin_unit_key = empty_cells.admin_unit_key
    and resolved_cells.indicator_code = empty_cells.indicator_code
    and resolved_cells.year = empty_cells.year
left join targets as planned_targets on resolved_cells.target_id = planned_targets.target_id
left join targets as final_targets on resolved_cells.final_target_id = final_targets.target_id
