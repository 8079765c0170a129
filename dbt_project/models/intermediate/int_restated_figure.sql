{# Figures of provinces on the boundaries of today; observations and targets by the same rules. #}
{% set additive_units = "('count', 'km', 'money')" %}

with

observations as (

    select * from {{ ref('int_observation') }} where admin_unit_level = 'province'

),

targets as (

    select * from {{ ref('int_target') }}
    where is_current
        and admin_unit_level = 'province'

),

indicators as (

    select * from {{ ref('stg_indicators') }}

),

units as (

    select * from {{ ref('int_admin_unit') }} where level = 'province'

),

successors as (

    select * from {{ ref('stg_admin_unit_successors') }}
    where share > 0
        and old_admin_unit_key <> new_admin_unit_key

),

figures as (

    select
        'observation' as measure,
        admin_unit_key,
        indicator_code,
        year,
        unit,
        value,
        obs_status,
        denominator,
        fact_id,
    from observations

    union all

    select
        'target' as measure,
        admin_unit_key,
        indicator_code,
        year,
        unit,
        value,
        'A' as obs_status,
        cast(null as double) as denominator,
        target_id as fact_id,
    from targets

),

current_units as (

    select * from units where valid_to is null

),

{# Parts that make up a province of today; one that was never merged is made up of itself. #}
compositions as (

    select
        current_units.admin_unit_key as current_key,
        units.admin_unit_key as part_key,
        units.name as part_name,
        successors.share,
        count(*) over (partition by current_units.admin_unit_key) as part_count,
    from current_units
    inner join successors on current_units.admin_unit_key = successors.new_admin_unit_key
    inner join units on successors.old_admin_unit_key = units.admin_unit_key

),

reported as (

    select
        figures.measure,
        figures.admin_unit_key as current_key,
        figures.indicator_code,
        figures.year,
        figures.unit,
        figures.value,
        figures.obs_status,
        figures.fact_id,
        compositions.current_key is null as is_unchanged,
    from figures
    inner join current_units on figures.admin_unit_key = current_units.admin_unit_key
    left join (select distinct current_key from compositions) as compositions
        on figures.admin_unit_key = compositions.current_key

),

{# The weight of a rate: its natural denominator in the same unit and year, else the one printed with it. #}
parts as (

    select
        figures.measure,
        compositions.current_key,
        compositions.part_key,
        compositions.part_name,
        compositions.part_count,
        compositions.share,
        figures.indicator_code,
        figures.year,
        figures.unit,
        figures.value,
        figures.obs_status,
        figures.fact_id,
        weights.value * compositions.share as indicator_weight,
        figures.denominator * compositions.share as stated_weight,
    from compositions
    inner join figures on compositions.part_key = figures.admin_unit_key
    inner join indicators on figures.indicator_code = indicators.indicator_code
    left join observations as weights
        on figures.admin_unit_key = weights.admin_unit_key
        and figures.year = weights.year
        and indicators.weight_indicator_code = weights.indicator_code

),

{# Sums in the order of the parts: the same bytes on every machine. #}
combined as (

    select
        measure,
        current_key,
        indicator_code,
        year,
        unit,
        part_count,
        count(*) as known_part_count,
        string_agg(part_name, '|' order by part_key) as known_parts,
        string_agg(fact_id, '|' order by part_key) as fact_ids,
        sum(value * share order by part_key) as value_sum,
        sum(value * share order by part_key) / sum(share order by part_key) as value_mean,
        min(value) as value_min,
        count(*) filter (where indicator_weight > 0) = count(*) as has_indicator_weights,
        count(*) filter (where stated_weight > 0) = count(*) as has_stated_weights,
        sum(value * indicator_weight order by part_key) / nullif(sum(indicator_weight order by part_key), 0)
            as indicator_weighted_mean,
        sum(value * stated_weight order by part_key) / nullif(sum(stated_weight order by part_key), 0)
            as stated_weighted_mean,
        case
            when bool_or(obs_status = 'V') then 'V'
            when bool_or(obs_status = 'E') then 'E'
            when bool_or(obs_status = 'P') then 'P'
            else 'A'
        end as parts_status,
    from parts
    group by all

),

methods as (

    select
        *,
        case
            when unit in {{ additive_units }} then 'sum'
            when unit = 'boolean' then 'every_part'
            when has_indicator_weights or has_stated_weights then 'weighted_mean'
            else 'arithmetic_mean'
        end as restatement_method,
        case
            when unit in {{ additive_units }} or unit = 'boolean' then null
            when has_indicator_weights then 'weight_indicator'
            when has_stated_weights then 'stated_denominator'
        end as weight_basis,
    from combined

),

restated as (

    select
        *,
        round(
            case
                when restatement_method = 'sum' then value_sum
                when restatement_method = 'every_part' then value_min
                when weight_basis = 'weight_indicator' then indicator_weighted_mean
                when weight_basis = 'stated_denominator' then stated_weighted_mean
                else value_mean
            end,
            6
        ) as known_parts_value,
    from methods

),

on_current_boundaries as (

    select
        measure,
        current_key as admin_unit_key,
        indicator_code,
        year,
        unit,
        value,
        obs_status as reported_obs_status,
        if(is_unchanged, 'unchanged', 'as_reported') as restatement_method,
        cast(null as varchar) as weight_basis,
        1 as part_count,
        1 as known_part_count,
        cast(null as varchar) as known_parts,
        value as known_parts_value,
        fact_id as fact_ids,
    from reported

    union all

    {# A sum or mean without all its parts is no figure of the province; what is known stands beside it. #}
    select
        restated.measure,
        restated.current_key as admin_unit_key,
        restated.indicator_code,
        restated.year,
        restated.unit,
        if(restated.known_part_count = restated.part_count, restated.known_parts_value, null) as value,
        if(restated.known_part_count = restated.part_count, restated.parts_status, 'L') as reported_obs_status,
        restated.restatement_method,
        restated.weight_basis,
        restated.part_count,
        restated.known_part_count,
        restated.known_parts,
        restated.known_parts_value,
        restated.fact_ids,
    from restated
    anti join reported
        on restated.measure = reported.measure
        and restated.current_key = reported.current_key
        and restated.indicator_code = reported.indicator_code
        and restated.year = reported.year

)

select
    measure,
    admin_unit_key,
    indicator_code,
    year,
    unit,
    value,
    reported_obs_status,
    coalesce(
        restatement_method = 'as_reported'
        and year = min(year) filter (where restatement_method = 'as_reported') over (
            partition by measure, admin_unit_key, indicator_code
        ),
        false
    ) as is_first_after_break,
    restatement_method,
    weight_basis,
    cast(part_count as integer) as part_count,
    cast(known_part_count as integer) as known_part_count,
    known_parts,
    known_parts_value,
    fact_ids,
from on_current_boundaries
order by measure, admin_unit_key, indicator_code, year
