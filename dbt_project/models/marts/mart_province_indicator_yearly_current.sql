with

figures as (

    select * from {{ ref('int_restated_figure') }}

),

units as (

    select * from {{ ref('int_admin_unit') }}

),

indicators as (

    select * from {{ ref('stg_indicators') }}

),

cells as (

    select distinct admin_unit_key, indicator_code, year from figures

),

observations as (

    select * from figures where measure = 'observation'

),

targets as (

    select * from figures where measure = 'target'

),

joined as (

    select
        cells.*,
        observations.value as actual_value,
        case
            when observations.is_first_after_break then 'B'
            else coalesce(observations.reported_obs_status, 'L')
        end as obs_status,
        observations.reported_obs_status,
        observations.restatement_method,
        observations.weight_basis,
        observations.part_count,
        observations.known_part_count,
        observations.known_parts,
        observations.known_parts_value,
        observations.fact_ids as observation_fact_ids,
        targets.value as target_value,
        targets.restatement_method as target_restatement_method,
        targets.part_count as target_part_count,
        targets.known_part_count as target_known_part_count,
        targets.fact_ids as target_ids,
        last_value(observations.value ignore nulls) over previous_years as previous_actual_value,
        last_value(if(observations.value is null, null, cells.year) ignore nulls) over previous_years
            as previous_year,
    from cells
    left join observations
        on cells.admin_unit_key = observations.admin_unit_key
        and cells.indicator_code = observations.indicator_code
        and cells.year = observations.year
    left join targets
        on cells.admin_unit_key = targets.admin_unit_key
        and cells.indicator_code = targets.indicator_code
        and cells.year = targets.year
    window previous_years as (
        partition by cells.admin_unit_key, cells.indicator_code
        order by cells.year
        rows between unbounded preceding and 1 preceding
    )

)

select
    units.admin_unit_code,
    units.name as admin_unit_name,
    joined.indicator_code,
    indicators.indicator_name_vi,
    indicators.indicator_name_en,
    indicators.unit,
    indicators.direction,
    joined.year,
    joined.actual_value,
    joined.obs_status,
    joined.reported_obs_status,
    joined.restatement_method,
    joined.weight_basis,
    joined.part_count,
    joined.known_part_count,
    joined.known_parts,
    joined.known_parts_value,
    joined.previous_actual_value,
    joined.previous_year,
    round(joined.actual_value - joined.previous_actual_value, 6) as change_from_previous,
    joined.target_value,
    joined.target_restatement_method,
    joined.target_part_count,
    joined.target_known_part_count,
    round(joined.actual_value - joined.target_value, 6) as gap_to_target,
    joined.observation_fact_ids,
    joined.target_ids,
    joined.admin_unit_key,
from joined
inner join units on joined.admin_unit_key = units.admin_unit_key
inner join indicators on joined.indicator_code = indicators.indicator_code
order by joined.admin_unit_key, joined.indicator_code, joined.year
