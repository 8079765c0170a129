{#
    Body of the table functions marts.as_of and marts.as_published: the yearly rows as known on a date.
    The tables are named without the database, so that the functions also work in a released copy.
    Every use of a stored table is a query of its own: DuckDB computes a CTE that is used twice as a whole, and
    keeps no "not materialized" in a stored function.
#}
{% macro yearly_rows_known(observation_filter, target_filter) %}
with

observations as (

    {{ observations_known(observation_filter) }}

),

targets as (

    {{ targets_known(target_filter) }}

),

cells as (

    select
        admin_unit_key,
        admin_unit_code,
        level,
        indicator_code,
        year,
        max(kind) as kind,
        max(value) as value,
        max(baseline_value) as baseline_value,
        max(stated_target_id) as stated_target_id,
        max(stated_value) as stated_value,
    from (
        select * from observations

        union all by name

        select
            * exclude (target),
            target.target_id as stated_target_id,
            target.value as stated_value,
        from targets

        union all by name

        select
            admin_unit_key,
            admin_unit_code,
            level,
            indicator_code,
            year,
        from {{ ref('fct_empty_cell').include(database=false) }}
        where {{ target_filter }}
    )
    group by all

),

{% for level in ['province', 'country'] %}
{{ level }}_observations as (

    {{ observations_known(observation_filter, level) }}

),

{{ level }}_targets as (

    select
        * exclude (target),
        unnest(target),
    from (
        {{ targets_known(target_filter, level) }}
    )

),

{% endfor %}
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

{{ resolve_yearly_cells() }}

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

{# The figure of each cell among those known, and the base that a plan states for it. #}
{% macro observations_known(observation_filter, level=none) %}
    select
        admin_unit_key,
        admin_unit_code,
        level,
        indicator_code,
        year,
        arg_min(kind, priority_rank) as kind,
        arg_min(value, priority_rank) as value,
        arg_min(value, priority_rank) filter (where kind = 'baseline') as baseline_value,
    from {{ ref('fct_observation_vintage').include(database=false) }}
    where priority_rank is not null
        and {{ observation_filter }}
        {% if level %}
        and level = '{{ level }}'
        {% endif %}
    group by all
{% endmacro %}

{# The target of each cell among those known. #}
{% macro targets_known(target_filter, level=none) %}
    select
        admin_unit_key,
        admin_unit_code,
        level,
        indicator_code,
        year,
        arg_min(
            {
                'target_id': target_id,
                'value': value,
                'applies_to_levels': applies_to_levels,
                'document_number': document_number
            },
            priority_rank
        ) as target,
    from {{ ref('fct_target').include(database=false) }}
    where {{ target_filter }}
        {% if level %}
        and level = '{{ level }}'
        {% endif %}
    group by all
{% endmacro %}
