{#
    The rules by which a cell (unit x indicator x year) finds its target and its base, as a chain of
    CTEs that ends in resolved_cells. Used by int_yearly_cell and by the table functions of marts, so
    that the past is computed by the same rules as the present. The caller defines these CTEs before:

    observations  admin_unit_key, indicator_code, year, kind, value, baseline_value
                  (the winner of each cell; baseline_value where a plan states that year as its base)
    targets       target_id, admin_unit_key, indicator_code, year, value, applies_to_levels, document_number
                  (at most one for each unit, indicator and year)
    units         admin_unit_key, level, province_key
    indicators    indicator_code, unit
    target_rules  target_rule, indicator_code, unit, level, admin_unit_key, document_number (null: any)
#}
{% macro resolve_yearly_cells() %}
cells as (

    select admin_unit_key, indicator_code, year from observations
    union
    select admin_unit_key, indicator_code, year from targets

),

located_cells as (

    select
        cells.admin_unit_key,
        cells.indicator_code,
        cells.year,
        units.level,
        units.province_key,
        indicators.unit,
    from cells
    inner join units on cells.admin_unit_key = units.admin_unit_key
    inner join indicators on cells.indicator_code = indicators.indicator_code
    where units.level <> 'country'

),

countries as (

    select admin_unit_key as country_key from units where level = 'country'

),

cell_scopes as (

    select
        located_cells.*,
        located_cells.admin_unit_key as scope_unit_key,
        'own' as target_scope,
        1 as scope_order,
    from located_cells

    union all

    select
        located_cells.*,
        located_cells.province_key as scope_unit_key,
        'province' as target_scope,
        2 as scope_order,
    from located_cells
    where located_cells.level <> 'province'

    union all

    select
        located_cells.*,
        countries.country_key as scope_unit_key,
        'national' as target_scope,
        3 as scope_order,
    from located_cells
    cross join countries

),

{# Targets of a unit above that are never held against the units below: counts, and what the catalog names. #}
scope_exceptions as (

    select distinct
        cell_scopes.scope_unit_key,
        cell_scopes.indicator_code,
        cell_scopes.level,
        target_rules.document_number,
    from cell_scopes
    inner join target_rules
        on target_rules.target_rule = 'does_not_apply_below'
        and cell_scopes.indicator_code = coalesce(target_rules.indicator_code, cell_scopes.indicator_code)
        and cell_scopes.unit = coalesce(target_rules.unit, cell_scopes.unit)
        and cell_scopes.level = coalesce(target_rules.level, cell_scopes.level)
        and cell_scopes.scope_unit_key = coalesce(target_rules.admin_unit_key, cell_scopes.scope_unit_key)
    where cell_scopes.target_scope <> 'own'

),

scope_target_years as (

    select
        cell_scopes.admin_unit_key,
        cell_scopes.indicator_code,
        cell_scopes.year,
        cell_scopes.unit,
        cell_scopes.scope_unit_key,
        cell_scopes.target_scope,
        cell_scopes.scope_order,
        max(targets.year) as final_year,
        max(targets.year) filter (where targets.year = cell_scopes.year) as stated_year,
        min(targets.year) filter (where targets.year > cell_scopes.year) as next_year,
        max(targets.year) filter (where targets.year < cell_scopes.year) as earlier_year,
    from cell_scopes
    inner join targets
        on cell_scopes.scope_unit_key = targets.admin_unit_key
        and cell_scopes.indicator_code = targets.indicator_code
    where (
        cell_scopes.target_scope <> 'national'
        or list_contains(string_split(targets.applies_to_levels, '|'), cell_scopes.level)
    )
        and (
            cell_scopes.target_scope = 'own'
            or not exists (
                from scope_exceptions
                where scope_exceptions.scope_unit_key = cell_scopes.scope_unit_key
                    and scope_exceptions.indicator_code = cell_scopes.indicator_code
                    and scope_exceptions.level = cell_scopes.level
                    and (
                        scope_exceptions.document_number is null
                        or scope_exceptions.document_number = targets.document_number
                    )
            )
        )
    group by all

),

{# The nearest scope whose plan still covers the year; where every plan is over, the nearest one. #}
chosen_scopes as (

    select *
    from scope_target_years
    qualify
        row_number() over (
            partition by admin_unit_key, indicator_code, year
            order by final_year >= year desc, scope_order
        ) = 1

),

{# Where the scope itself started: its stated base, else its earliest final figure. #}
scope_bases as (

    select
        chosen_scopes.admin_unit_key,
        chosen_scopes.indicator_code,
        chosen_scopes.year,
        observations.year as base_year,
        coalesce(observations.baseline_value, observations.value) as base_value,
    from chosen_scopes
    inner join observations
        on chosen_scopes.scope_unit_key = observations.admin_unit_key
        and chosen_scopes.indicator_code = observations.indicator_code
    where observations.year < chosen_scopes.year
        and (observations.baseline_value is not null or observations.kind = 'actual')
    qualify
        row_number() over (
            partition by chosen_scopes.admin_unit_key, chosen_scopes.indicator_code, chosen_scopes.year
            order by
                observations.baseline_value is not null desc,
                case when observations.baseline_value is not null then -observations.year else observations.year end
        ) = 1

),

{# Where the unit itself started: the base its plan states, else its earliest figure before the year. #}
own_bases as (

    select
        located_cells.admin_unit_key,
        located_cells.indicator_code,
        located_cells.year,
        observations.year as baseline_year,
        coalesce(observations.baseline_value, observations.value) as baseline_value,
    from located_cells
    inner join observations
        on located_cells.admin_unit_key = observations.admin_unit_key
        and located_cells.indicator_code = observations.indicator_code
    where observations.year < located_cells.year
        or (observations.year = located_cells.year and observations.baseline_value is not null)
    qualify
        row_number() over (
            partition by located_cells.admin_unit_key, located_cells.indicator_code, located_cells.year
            order by
                observations.baseline_value is not null desc,
                observations.year < located_cells.year desc,
                case when observations.baseline_value is not null then -observations.year else observations.year end
        ) = 1

),

{# A line is drawn from the later of the scope's base and its last stated target before the year. #}
line_starts as (

    select
        chosen_scopes.*,
        case
            when scope_bases.base_year > coalesce(chosen_scopes.earlier_year, 0) then scope_bases.base_year
            else chosen_scopes.earlier_year
        end as start_year,
        case
            when scope_bases.base_year > coalesce(chosen_scopes.earlier_year, 0) then scope_bases.base_value
            else earlier_targets.value
        end as start_value,
    from chosen_scopes
    left join scope_bases
        on chosen_scopes.admin_unit_key = scope_bases.admin_unit_key
        and chosen_scopes.indicator_code = scope_bases.indicator_code
        and chosen_scopes.year = scope_bases.year
    left join targets as earlier_targets
        on chosen_scopes.scope_unit_key = earlier_targets.admin_unit_key
        and chosen_scopes.indicator_code = earlier_targets.indicator_code
        and chosen_scopes.earlier_year = earlier_targets.year

),

based_targets as (

    select
        *,
        case
            when stated_year is not null then 'stated'
            when unit <> 'boolean' and next_year is not null and start_year is not null then 'interpolated'
            else 'end_of_plan'
        end as target_basis,
    from line_starts

),

resolved_cells as (

    select
        located_cells.admin_unit_key,
        located_cells.indicator_code,
        located_cells.year,
        based_targets.target_scope,
        based_targets.target_basis,
        case
            when based_targets.target_basis = 'interpolated'
                then round(
                    based_targets.start_value
                    + (planned_targets.value - based_targets.start_value)
                    * (based_targets.year - based_targets.start_year)
                    / (based_targets.next_year - based_targets.start_year),
                    6
                )
            else planned_targets.value
        end as target_value,
        planned_targets.target_id,
        final_targets.target_id as final_target_id,
        own_bases.baseline_value,
        own_bases.baseline_year,
    from located_cells
    left join based_targets
        on located_cells.admin_unit_key = based_targets.admin_unit_key
        and located_cells.indicator_code = based_targets.indicator_code
        and located_cells.year = based_targets.year
    left join targets as planned_targets
        on based_targets.scope_unit_key = planned_targets.admin_unit_key
        and based_targets.indicator_code = planned_targets.indicator_code
        and planned_targets.year = case based_targets.target_basis
            when 'stated' then based_targets.stated_year
            when 'interpolated' then based_targets.next_year
            else based_targets.final_year
        end
    left join targets as final_targets
        on based_targets.scope_unit_key = final_targets.admin_unit_key
        and based_targets.indicator_code = final_targets.indicator_code
        and based_targets.final_year = final_targets.year
    left join own_bases
        on located_cells.admin_unit_key = own_bases.admin_unit_key
        and located_cells.indicator_code = own_bases.indicator_code
        and located_cells.year = own_bases.year

)
{% endmacro %}
