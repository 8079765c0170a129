{{ config(materialized='view') }}

with

rules as (

    select * from {{ ref('stg_progress_rules') }}

),

active_rules as (

    select *
    from rules
    where rule_version = (select max(rule_version) from rules)

),

pivoted as (

    select
        rule_version,
        {% for parameter in [
            'on_track_min',
            'moderate_min',
            'insufficient_min',
            'near_limit_tolerance_share',
            'cagr_base_floor_share',
            'ratio_check_tolerance_points',
        ] %}
        max(try_cast(parameter_value as double)) filter (where parameter = '{{ parameter }}') as {{ parameter }},
        {% endfor %}
        max(parameter_value) filter (where parameter = 'deciding_ratio_stated') as deciding_ratio_stated,
        max(parameter_value) filter (where parameter = 'deciding_ratio_other') as deciding_ratio_other,
    from active_rules
    group by rule_version

)

select * from pivoted
