{#
    The rules by which a cell (unit x indicator x year) finds its target and its base, as a chain of
    CTEs that ends in resolved_cells. Used by int_yearly_cell and by the table functions of marts, so
    that the past is computed by the same rules as the present. The caller defines these CTEs before:

    observations  admin_unit_key, indicator_code, year, kind, value, baseline_value, and any column to hand on
                  (the winner of each cell; baseline_value where a plan states that year as its base)
    targets       target_id, admin_unit_key, indicator_code, year, value, applies_to_levels, document_number
                  (at most one for each unit, indicator and year)
    empty_cells   admin_unit_key, indicator_code, year
                  (a document names the figure and leaves its place empty; no row twice)
    units         admin_unit_key, level, province_key, and the columns of unit_columns
    indicators    indicator_code, unit, direction
    target_rules  target_rule, indicator_code, unit, level, admin_unit_key, document_number (null: any)

    A line is what one plan says about one year: the target stated for the year, the next and the earlier
    one, the last of all, and where the unit of the plan started. A unit's own lines are read off its series.
    Lines of a unit above are the same for all units of a level, so they are drawn once for each year and
    level and then handed down.

    resolved_cells: the columns of observations and of unit_columns, level, province_key, unit, direction,
    target_scope, target_basis, target_value, target_id, final_target_id, baseline_value, baseline_year,
    previous_actual_value, previous_year
#}
{% macro resolve_yearly_cells(unit_columns=[]) %}
unobserved_cells as (

    select admin_unit_key, indicator_code, year from targets
    union
    select admin_unit_key, indicator_code, year from empty_cells

),

cells as (

    select * from observations

    union all by name

    select unobserved_cells.*
    from unobserved_cells
    anti join observations
        on unobserved_cells.admin_unit_key = observations.admin_unit_key
        and unobserved_cells.indicator_code = observations.indicator_code
        and unobserved_cells.year = observations.year

),

located_cells as (

    select
        cells.*,
        units.level,
        units.province_key,
        {% for column in unit_columns %}
        units.{{ column }},
        {% endfor %}
        indicators.unit,
        indicators.direction,
        own_targets.target_id as stated_target_id,
        own_targets.value as stated_value,
        if(own_targets.target_id is null, null, cells.year) as stated_year,
        if(cells.value is null, null, cells.year) as value_year,
        if(cells.baseline_value is null, null, cells.year) as stated_base_year,
        if(cells.kind = 'actual', coalesce(cells.baseline_value, cells.value), null) as final_figure,
        if(cells.kind = 'actual', cells.year, null) as final_figure_year,
    from cells
    inner join units on cells.admin_unit_key = units.admin_unit_key
    inner join indicators on cells.indicator_code = indicators.indicator_code
    left join targets as own_targets
        on cells.admin_unit_key = own_targets.admin_unit_key
        and cells.indicator_code = own_targets.indicator_code
        and cells.year = own_targets.year

),

{# One pass over the series of a unit: what lies before a year, and what its own plans say about it. #}
series as (

    select
        *,
        first_value(coalesce(baseline_value, value) ignore nulls) over years_before as first_value_before,
        first_value(value_year ignore nulls) over years_before as first_year_before,
        last_value(value ignore nulls) over years_before as previous_actual_value,
        last_value(value_year ignore nulls) over years_before as previous_year,
        last_value(baseline_value ignore nulls) over years_before as stated_base_value_before,
        last_value(stated_base_year ignore nulls) over years_before as stated_base_year_before,
        first_value(final_figure ignore nulls) over years_before as first_final_figure,
        first_value(final_figure_year ignore nulls) over years_before as first_final_year,
        last_value(stated_value ignore nulls) over years_before as earlier_value,
        last_value(stated_year ignore nulls) over years_before as earlier_year,
        first_value(stated_target_id ignore nulls) over years_after as next_target_id,
        first_value(stated_value ignore nulls) over years_after as next_value,
        first_value(stated_year ignore nulls) over years_after as next_year,
        last_value(stated_target_id ignore nulls) over all_years as final_target_id,
        last_value(stated_value ignore nulls) over all_years as final_value,
        last_value(stated_year ignore nulls) over all_years as final_year,
    from located_cells
    where level <> 'country'
    window
        years_before as (
            {{ series_of_unit(unit_columns) }} rows between unbounded preceding and 1 preceding
        ),
        years_after as (
            {{ series_of_unit(unit_columns) }} rows between 1 following and unbounded following
        ),
        all_years as (
            {{ series_of_unit(unit_columns) }} rows between unbounded preceding and unbounded following
        )

),

{# Where a plan started: the base it states, else the earliest final figure of its unit. #}
own_lines as (

    select
        *,
        coalesce(stated_base_year_before, first_final_year) as base_year,
        if(stated_base_year_before is not null, stated_base_value_before, first_final_figure) as base_value,
    from series

),

cell_groups as (

    select distinct
        province_key,
        indicator_code,
        unit,
        level,
        year,
    from located_cells
    where level <> 'country'

),

countries as (

    select admin_unit_key as country_key from units where level = 'country'

),

scopes as (

    select
        'province' as target_scope,
        province_key as scope_unit_key,
        indicator_code,
        unit,
        level,
        year,
    from cell_groups
    where level <> 'province'

    union all

    select distinct
        'national' as target_scope,
        countries.country_key as scope_unit_key,
        cell_groups.indicator_code,
        cell_groups.unit,
        cell_groups.level,
        cell_groups.year,
    from cell_groups
    cross join countries

),

{# Targets of a unit above, without those never held against units below: counts, and what the catalog names. #}
scope_targets as (

    select
        scopes.*,
        targets.target_id,
        targets.year as target_year,
        targets.value,
    from scopes
    inner join targets
        on scopes.scope_unit_key = targets.admin_unit_key
        and scopes.indicator_code = targets.indicator_code
    where (
        scopes.target_scope <> 'national'
        or list_contains(string_split(targets.applies_to_levels, '|'), scopes.level)
    )
        and not exists (
            from target_rules
            where target_rules.target_rule = 'does_not_apply_below'
                and scopes.indicator_code = coalesce(target_rules.indicator_code, scopes.indicator_code)
                and scopes.unit = coalesce(target_rules.unit, scopes.unit)
                and scopes.level = coalesce(target_rules.level, scopes.level)
                and scopes.scope_unit_key = coalesce(target_rules.admin_unit_key, scopes.scope_unit_key)
                and (
                    target_rules.document_number is null
                    or target_rules.document_number = targets.document_number
                )
        )

),

scope_plans as (

    select
        target_scope,
        scope_unit_key,
        indicator_code,
        unit,
        level,
        year,
        max(target_id) filter (where target_year = year) as stated_target_id,
        max(value) filter (where target_year = year) as stated_value,
        arg_max(value, target_year) filter (where target_year < year) as earlier_value,
        max(target_year) filter (where target_year < year) as earlier_year,
        arg_min(target_id, target_year) filter (where target_year > year) as next_target_id,
        arg_min(value, target_year) filter (where target_year > year) as next_value,
        min(target_year) filter (where target_year > year) as next_year,
        arg_max(target_id, target_year) as final_target_id,
        arg_max(value, target_year) as final_value,
        max(target_year) as final_year,
    from scope_targets
    group by all

),

scope_bases as (

    select
        scope_plans.target_scope,
        scope_plans.scope_unit_key,
        scope_plans.indicator_code,
        scope_plans.level,
        scope_plans.year,
        arg_max(observations.baseline_value, observations.year) as stated_base_value,
        max(observations.year) filter (where observations.baseline_value is not null) as stated_base_year,
        arg_min(coalesce(observations.baseline_value, observations.value), observations.year) filter (
            where observations.kind = 'actual'
        ) as first_final_figure,
        min(observations.year) filter (where observations.kind = 'actual') as first_final_year,
    from scope_plans
    inner join observations
        on scope_plans.scope_unit_key = observations.admin_unit_key
        and scope_plans.indicator_code = observations.indicator_code
        and scope_plans.year > observations.year
    where scope_plans.stated_target_id is null
        and scope_plans.next_year is not null
    group by all

),

scope_lines as (

    select
        scope_plans.*,
        coalesce(scope_bases.stated_base_year, scope_bases.first_final_year) as base_year,
        if(
            scope_bases.stated_base_year is not null,
            scope_bases.stated_base_value,
            scope_bases.first_final_figure
        ) as base_value,
    from scope_plans
    left join scope_bases
        on scope_plans.target_scope = scope_bases.target_scope
        and scope_plans.scope_unit_key = scope_bases.scope_unit_key
        and scope_plans.indicator_code = scope_bases.indicator_code
        and scope_plans.level = scope_bases.level
        and scope_plans.year = scope_bases.year

),

own_answers as (

    select
        own_lines.*,
        {{ answer_of_line() }} as own_answer,
    from own_lines

),

scope_answers as (

    select
        target_scope,
        scope_unit_key,
        indicator_code,
        level,
        year,
        {{ answer_of_line() }} as scope_answer,
    from scope_lines

),

province_answers as (

    select * from scope_answers where target_scope = 'province'

),

national_answers as (

    select * from scope_answers where target_scope = 'national'

),

answered as (

    select
        own_answers.*,
        {# The nearest scope whose plan still covers the year; where every plan is over, the nearest one. #}
        case
            when own_answers.final_year >= own_answers.year then 'own'
            when province_answers.scope_answer.final_year >= own_answers.year then 'province'
            when national_answers.scope_answer.final_year >= own_answers.year then 'national'
            when own_answers.final_year is not null then 'own'
            when province_answers.scope_answer is not null then 'province'
            when national_answers.scope_answer is not null then 'national'
        end as target_scope,
        province_answers.scope_answer as province_answer,
        national_answers.scope_answer as national_answer,
    from own_answers
    left join province_answers
        on own_answers.province_key = province_answers.scope_unit_key
        and own_answers.indicator_code = province_answers.indicator_code
        and own_answers.level = province_answers.level
        and own_answers.year = province_answers.year
    left join national_answers
        on own_answers.indicator_code = national_answers.indicator_code
        and own_answers.level = national_answers.level
        and own_answers.year = national_answers.year

),

chosen as (

    select
        * exclude (own_answer, province_answer, national_answer, final_target_id),
        case target_scope
            when 'own' then own_answer
            when 'province' then province_answer
            when 'national' then national_answer
        end as answer,
    from answered

),

resolved_cells as (

    select
        * exclude (answer) replace (
            {# Where the unit itself started: the base its plan states, else its earliest figure before the year. #}
            case
                when stated_base_year_before is not null then stated_base_value_before
                when baseline_value is not null then baseline_value
                else first_value_before
            end as baseline_value
        ),
        case
            when stated_base_year_before is not null then stated_base_year_before
            when baseline_value is not null then year
            else first_year_before
        end as baseline_year,
        answer.target_basis as target_basis,
        answer.target_value as target_value,
        answer.target_id as target_id,
        answer.final_target_id as final_target_id,
    from chosen

)
{% endmacro %}

{# The years of one indicator in one unit; the columns of the unit let a filter on them through. #}
{% macro series_of_unit(unit_columns) -%}
    partition by {{ (['admin_unit_key'] + unit_columns) | join(', ') }}, indicator_code order by year
{%- endmacro %}

{#
    What a line says about its year: the stated target; else the point between the later of base and earlier
    target and the next target; else the end of the plan.
#}
{% macro answer_of_line() -%}
    case
        when stated_target_id is not null
            then {
                'target_basis': 'stated',
                'target_value': stated_value,
                'target_id': stated_target_id,
                'final_target_id': final_target_id,
                'final_year': final_year
            }
        when unit <> 'boolean' and next_year is not null and coalesce(base_year, earlier_year) is not null
            then {
                'target_basis': 'interpolated',
                'target_value': round(
                    if(base_year > coalesce(earlier_year, 0), base_value, earlier_value)
                    + (next_value - if(base_year > coalesce(earlier_year, 0), base_value, earlier_value))
                    * (year - greatest(base_year, earlier_year))
                    / (next_year - greatest(base_year, earlier_year)),
                    6
                ),
                'target_id': next_target_id,
                'final_target_id': final_target_id,
                'final_year': final_year
            }
        when final_target_id is not null
            then {
                'target_basis': 'end_of_plan',
                'target_value': final_value,
                'target_id': final_target_id,
                'final_target_id': final_target_id,
                'final_year': final_year
            }
    end
{%- endmacro %}
