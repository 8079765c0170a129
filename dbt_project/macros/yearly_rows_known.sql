{#
    Body of the table functions marts.as_of and marts.as_published: the yearly rows as known on a date.
    The tables are named without the database, so that the functions also work in a released copy.
#}
{% macro yearly_rows_known(observation_filter, target_filter) %}
with

known_vintages as (

    select *
    from {{ ref('fct_observation_vintage').include(database=false) }}
    where priority_rank is not null
        and {{ observation_filter }}

),

observations as (

    select
        admin_unit_key,
        indicator_code,
        year,
        arg_min(kind, priority_rank) as kind,
        arg_min(value, priority_rank) as value,
        arg_min(value, priority_rank) filter (where kind = 'baseline') as baseline_value,
    from known_vintages
    group by admin_unit_key, indicator_code, year

),

known_targets as (

    select *
    from {{ ref('fct_target').include(database=false) }}
    where {{ target_filter }}

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
    from known_targets
    qualify row_number() over (partition by admin_unit_key, indicator_code, year order by priority_rank) = 1

),

empty_cells as (

    select distinct admin_unit_key, indicator_code, year
    from {{ ref('fct_empty_cell').include(database=false) }}
    where {{ target_filter }}

),

units as (

    select * from {{ ref('dim_admin_unit').include(database=false) }}

),

indicators as (

    select * from {{ ref('dim_indicator').include(database=false) }}

),

{# Of the catalog itself, since a released copy holds no staging. #}
target_rules as (

    select
        rule as target_rule,
        indicator_code,
        unit,
        level,
        admin_unit_key,
        document_number,
    from {{ ref('target_rules').include(database=false) }}

),

{{ resolve_yearly_cells(unit_columns=['admin_unit_code', 'name']) }}

select
    admin_unit_code,
    name as admin_unit_name,
    level,
    indicator_code,
    year,
    value as actual_value,
    target_value,
from resolved_cells
order by admin_unit_key, indicator_code, year
{% endmacro %}
