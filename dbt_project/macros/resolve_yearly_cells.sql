{#
    The rules by which a cell (unit x indicator x year) finds its target and its base, as a chain of
    CTEs that ends in resolved_cells. Used by int_yearly_cell and by the table functions of marts, so
    that the past is computed by the same rules as the present. The caller defines these CTEs before:

    cells                    admin_unit_key, admin_unit_code, level, indicator_code, year, kind, value, baseline_value
                             (where a plan states that year as its base), stated_target_id, stated_value (the unit's
                             own target of that year), and any column to hand on; every year with a target of its
                             own is a row
    province_observations,   admin_unit_key, indicator_code, year, kind, value, baseline_value
    country_observations     (the winners of provinces; of the country)
    province_targets,        target_id, admin_unit_key, indicator_code, year, value, applies_to_levels, document_number
    country_targets          (of provinces; of the country; at most one for each unit, indicator and year)
    units                    admin_unit_key, name, level, province_key, valid_to
    indicators               indicator_code, unit, direction
    target_rules             target_rule, indicator_code, unit, level, admin_unit_key, document_number (null: any)

    The unit's own targets and figures are read off its series in one pass. What a unit above has planned
    is one short list for each indicator and level, in which a cell looks its year up.
    admin_unit_code and level are keys everywhere and what is read of a stored table is read in one place only,
    so that a filter on unit, level or indicator reaches the stored tables (docs/decisions/as-of.md).

    resolved_cells: the columns of cells, name, province_key, valid_to, unit, direction, target_scope,
    target_basis, target_value, target_id, final_target_id, base (baseline_value, baseline_year) and what was
    observed before (previous_actual_value, previous_year)

    No if(): DuckDB 2 keeps it as a function in a stored table function, which DuckDB 1.5 does not know.
#}
{% macro resolve_yearly_cells() %}
located_cells as (

    select
        cells.*,
        units.name,
        units.province_key,
        units.valid_to,
        indicators.unit,
        indicators.direction,
        case when cells.stated_target_id is not null then cells.year end as stated_year,
        case when cells.value is not null then cells.year end as value_year,
        case when cells.baseline_value is not null then cells.year end as stated_base_year,
        case when cells.kind = 'actual' then coalesce(cells.baseline_value, cells.value) end as final_figure,
        case when cells.kind = 'actual' then cells.year end as final_figure_year,
    from cells
    inner join units on cells.admin_unit_key = units.admin_unit_key
    inner join indicators on cells.indicator_code = indicators.indicator_code
    where cells.level <> 'country'

),

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
    window
        years_before as (
            {{ series_of_unit() }} rows between unbounded preceding and 1 preceding
        ),
        years_after as (
            {{ series_of_unit() }} rows between 1 following and unbounded following
        ),
        all_years as (
            {{ series_of_unit() }} rows between unbounded preceding and unbounded following
        )

),

{{ inherited_plans('province', 'province', ['district', 'commune']) }},

{{ inherited_plans('national', 'country', ['province', 'district', 'commune']) }},

planned as (

    select
        series.*,
        province_plans.plan as province_plan,
        national_plans.plan as national_plan,
        {# The nearest scope whose plan still covers the year; where every plan is over, the nearest one. #}
        case
            when series.final_year >= series.year then 'own'
            when province_plans.plan.years[-1] >= series.year then 'province'
            when national_plans.plan.years[-1] >= series.year then 'national'
            when series.final_year is not null then 'own'
            when province_plans.plan is not null then 'province'
            when national_plans.plan is not null then 'national'
        end as target_scope,
    from series
    left join province_plans
        on series.province_key = province_plans.scope_unit_key
        and series.indicator_code = province_plans.indicator_code
        and series.level = province_plans.level
    left join national_plans
        on series.indicator_code = national_plans.indicator_code
        and series.level = national_plans.level

),

inherited as (

    select
        * exclude (province_plan, national_plan),
        case target_scope
            when 'province' then province_plan
            when 'national' then national_plan
        end as plan,
    from planned

),

located_in_plan as (

    select
        *,
        len([plan_year for plan_year in plan.years if plan_year < year]) as earlier_count,
        len([base_year for base_year in plan.base_years if base_year < year]) as earlier_base_count,
    from inherited

),

{# What one plan says about one year. It starts at the base it states, else at its unit's earliest final figure. #}
lines as (

    select
        * exclude (plan, earlier_count, earlier_base_count) replace (
            case
                when plan is null then stated_target_id
                when plan.years[earlier_count + 1] = year then plan.target_ids[earlier_count + 1]
            end as stated_target_id,
            case
                when plan is null then stated_value
                when plan.years[earlier_count + 1] = year then plan.target_values[earlier_count + 1]
            end as stated_value,
            case when plan is null then earlier_value else plan.target_values[earlier_count] end as earlier_value,
            case when plan is null then earlier_year else plan.years[earlier_count] end as earlier_year,
            case when plan is null then next_target_id else plan.target_ids[earlier_count + 1] end as next_target_id,
            case when plan is null then next_value else plan.target_values[earlier_count + 1] end as next_value,
            case when plan is null then next_year else plan.years[earlier_count + 1] end as next_year,
            case when plan is null then final_target_id else plan.target_ids[-1] end as final_target_id,
            case when plan is null then final_value else plan.target_values[-1] end as final_value
        ),
        case
            when plan is null then coalesce(stated_base_year_before, first_final_year)
            when earlier_base_count > 0 then plan.base_years[earlier_base_count]
            when plan.first_final_year < year then plan.first_final_year
        end as base_year,
        case
            when plan is null and stated_base_year_before is not null then stated_base_value_before
            when plan is null then first_final_figure
            when earlier_base_count > 0 then plan.base_values[earlier_base_count]
            when plan.first_final_year < year then plan.first_final_figure
        end as base_value,
    from located_in_plan

),

{# A line is drawn to the next target from the later of the base and the last target before the year. #}
based_lines as (

    select
        *,
        greatest(base_year, earlier_year) as start_year,
        case when base_year > coalesce(earlier_year, 0) then base_value else earlier_value end as start_value,
        case
            when stated_target_id is not null then 'stated'
            when unit <> 'boolean' and next_year is not null and coalesce(base_year, earlier_year) is not null
                then 'interpolated'
            when final_target_id is not null then 'end_of_plan'
        end as target_basis,
    from lines

),

resolved_cells as (

    select
        * replace (
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
        case target_basis
            when 'stated' then stated_value
            when 'interpolated'
                then round(
                    start_value + (next_value - start_value) * (year - start_year) / (next_year - start_year), 6
                )
            when 'end_of_plan' then final_value
        end as target_value,
        case target_basis
            when 'stated' then stated_target_id
            when 'interpolated' then next_target_id
            when 'end_of_plan' then final_target_id
        end as target_id,
    from based_lines

)
{% endmacro %}

{# The years of one indicator in one unit. #}
{% macro series_of_unit() -%}
    partition by admin_unit_key, admin_unit_code, level, indicator_code order by year
{%- endmacro %}

{#
    What the units of one level have planned for those below them, as a chain of CTEs that ends in
    <scope>_plans: scope_unit_key, level, indicator_code and the plan with its years in order.
#}
{% macro inherited_plans(scope, scope_level, levels_below) %}
{{ scope }}_levels_below as (

    {% for level in levels_below %}
    select '{{ level }}' as level
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

{# Without targets never held against units below: counts, and what the catalog names. #}
{{ scope }}_inherited_targets as (

    select
        targets.admin_unit_key as scope_unit_key,
        levels_below.level,
        targets.indicator_code,
        targets.target_id,
        targets.year,
        targets.value,
    from {{ scope_level }}_targets as targets
    inner join indicators on targets.indicator_code = indicators.indicator_code
    cross join {{ scope }}_levels_below as levels_below
    where
        {% if scope == 'national' %}
        list_contains(string_split(targets.applies_to_levels, '|'), levels_below.level)
        and
        {% endif %}
        not exists (
            from target_rules
            where target_rules.target_rule = 'does_not_apply_below'
                and targets.indicator_code = coalesce(target_rules.indicator_code, targets.indicator_code)
                and indicators.unit = coalesce(target_rules.unit, indicators.unit)
                and levels_below.level = coalesce(target_rules.level, levels_below.level)
                and targets.admin_unit_key = coalesce(target_rules.admin_unit_key, targets.admin_unit_key)
                and (
                    target_rules.document_number is null
                    or target_rules.document_number = targets.document_number
                )
        )

),

{{ scope }}_bases as (

    select
        observations.admin_unit_key as scope_unit_key,
        levels_below.level,
        observations.indicator_code,
        list(observations.year order by observations.year) filter (
            where observations.baseline_value is not null
        ) as base_years,
        list(observations.baseline_value order by observations.year) filter (
            where observations.baseline_value is not null
        ) as base_values,
        min(observations.year) filter (where observations.kind = 'actual') as first_final_year,
        arg_min(coalesce(observations.baseline_value, observations.value), observations.year) filter (
            where observations.kind = 'actual'
        ) as first_final_figure,
    from {{ scope_level }}_observations as observations
    cross join {{ scope }}_levels_below as levels_below
    group by all

),

{{ scope }}_targets_in_order as (

    select
        scope_unit_key,
        level,
        indicator_code,
        list(year order by year) as years,
        list(value order by year) as target_values,
        list(target_id order by year) as target_ids,
    from {{ scope }}_inherited_targets
    group by all

),

{{ scope }}_plans as (

    select
        in_order.scope_unit_key,
        in_order.level,
        in_order.indicator_code,
        {
            'years': in_order.years,
            'target_values': in_order.target_values,
            'target_ids': in_order.target_ids,
            'base_years': bases.base_years,
            'base_values': bases.base_values,
            'first_final_year': bases.first_final_year,
            'first_final_figure': bases.first_final_figure
        } as plan,
    from {{ scope }}_targets_in_order as in_order
    left join {{ scope }}_bases as bases
        on in_order.scope_unit_key = bases.scope_unit_key
        and in_order.level = bases.level
        and in_order.indicator_code = bases.indicator_code

)
{% endmacro %}
