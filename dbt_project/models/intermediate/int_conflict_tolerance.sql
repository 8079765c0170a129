{{ config(materialized='view') }}

{% set absolute_prefix = 'conflict_tolerance_' %}
{% set relative_prefix = 'conflict_tolerance_relative_' %}

with

rules as (

    select * from {{ ref('stg_progress_rules') }}

),

active_rules as (

    select *
    from rules
    where rule_version = (select max(rule_version) from rules)
        and starts_with(parameter, '{{ absolute_prefix }}')

),

tolerances as (

    select
        case
            when starts_with(parameter, '{{ relative_prefix }}')
                then replace(parameter, '{{ relative_prefix }}', '')
            else replace(parameter, '{{ absolute_prefix }}', '')
        end as unit,
        starts_with(parameter, '{{ relative_prefix }}') as is_relative,
        try_cast(parameter_value as double) as tolerance,
    from active_rules

)

select
    unit,
    coalesce(max(tolerance) filter (where not is_relative), 0) as absolute_tolerance,
    coalesce(max(tolerance) filter (where is_relative), 0) as relative_tolerance_share,
from tolerances
group by unit
