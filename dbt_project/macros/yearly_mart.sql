{# The yearly rows of one level of administration; the columns are the same at every level. #}
{% macro yearly_mart(level) %}
with

cells as (

    select * from {{ ref('int_progress') }} where level = '{{ level }}'

),

units as (

    select * from {{ ref('int_admin_unit') }} where level = '{{ level }}'

),

indicators as (

    select * from {{ ref('stg_indicators') }}

)

select
    units.admin_unit_code,
    units.name as admin_unit_name,
    units.province_code,
    units.province_name,
    cells.indicator_code,
    indicators.indicator_name_vi,
    indicators.indicator_name_en,
    cells.unit,
    cells.direction,
    cells.year,
    cells.actual_value,
    cells.actual_kind,
    cells.actual_as_of,
    cells.obs_status,
    cells.previous_actual_value,
    cells.change_from_previous,
    cells.target_value,
    cells.target_comparator,
    cells.target_scope,
    cells.target_basis,
    cells.final_target_value,
    cells.final_target_year,
    cells.baseline_value,
    cells.baseline_year,
    cells.gap_to_target,
    cells.attainment_pct,
    cells.trajectory_ratio,
    cells.linear_pace_ratio,
    cells.cagr_ratio,
    cells.progress_status,
    cells.observation_document_id,
    cells.target_document_id,
    cells.conflict_count,
    cells.deciding_ratio,
    cells.rule_version,
    cells.near_limit,
    cells.winning_rule,
    cells.competing_count,
    cells.previous_year,
    cells.observation_fact_id,
    cells.target_fact_id,
    cells.target_id,
    cells.target_document_number,
    cells.admin_unit_key,
    units.province_key,
    cells.target_is_confirmed,
from cells
inner join units on cells.admin_unit_key = units.admin_unit_key
inner join indicators on cells.indicator_code = indicators.indicator_code
order by cells.admin_unit_key, cells.indicator_code, cells.year
{% endmacro %}
