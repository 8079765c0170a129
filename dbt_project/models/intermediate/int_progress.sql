{# Each level is computed where it is kept, in its own mart; nothing else reads it. #}
{{ config(materialized='view') }}

with

cells as (

    select * from {{ ref('int_yearly_cell') }}

),

rules as (

    select * from {{ ref('int_progress_rule') }}

),

{# After the target year the plan is judged as it stood in that year, so the clock stops there. #}
judged as (

    select
        cells.*,
        rules.*,
        {{ direction_sign('cells.direction') }} as direction_sign,
        cells.unit = 'boolean' as is_yes_no,
        cells.year > cells.final_target_year as is_past_target_year,
        least(cells.year, cells.final_target_year) as judged_year,
    from cells
    cross join rules

),

compared as (

    select
        *,
        {{ comparator_holds(
            'actual_value',
            'judged_target_comparator',
            'judged_target_is_approximate',
            'judged_target_value',
            'direction_sign'
        ) }} as is_target_met,
        {# A base at or beyond the target leaves nothing to gain, only to keep. #}
        baseline_year < year
            and direction_sign * (baseline_value - judged_target_value) >= 0 as is_to_keep,
        case
            when target_basis in ('stated', 'interpolated') or is_past_target_year then target_value
        end as planned_value,
    from judged

),

measured as (

    select
        *,
        case
            when not is_yes_no
                then {{ trajectory_ratio('direction_sign', 'actual_value', 'planned_value') }}
        end as trajectory_ratio,
        case
            when not is_yes_no
                then {{ linear_pace_ratio(
                    'baseline_value',
                    'baseline_year',
                    'actual_value',
                    'judged_year',
                    'final_target_value',
                    'final_target_year'
                ) }}
        end as linear_pace_ratio,
        case
            when not is_yes_no
                then {{ cagr_ratio(
                    'direction_sign',
                    'baseline_value',
                    'baseline_year',
                    'actual_value',
                    'judged_year',
                    'final_target_value',
                    'final_target_year',
                    'cagr_base_floor_share'
                ) }}
        end as cagr_ratio,
    from compared

),

{# Against a target of 0 the trajectory says nothing, so the pace decides. #}
preferred as (

    select
        *,
        case
            when judged_target_value = 0 then 'linear'
            when target_basis = 'stated' or is_past_target_year then deciding_ratio_stated
            else deciding_ratio_other
        end as preferred_ratio,
    from measured

),

available as (

    select
        *,
        case
            when preferred_ratio = 'trajectory' and trajectory_ratio is not null then 'trajectory'
            when preferred_ratio = 'cagr' and cagr_ratio is not null then 'cagr'
            when linear_pace_ratio is not null then 'linear'
            when trajectory_ratio is not null then 'trajectory'
        end as available_ratio,
    from preferred

),

decided as (

    select
        *,
        case
            when actual_value is null or target_value is null then null
            when is_yes_no then 'yes_no'
            when is_target_met then 'comparator'
            when is_to_keep then 'keep'
            else available_ratio
        end as deciding_ratio,
        case available_ratio
            when 'trajectory' then trajectory_ratio
            when 'linear' then linear_pace_ratio
            when 'cagr' then cagr_ratio
        end as deciding_ratio_value,
    from available

)

select
    admin_unit_key,
    level,
    indicator_code,
    unit,
    direction,
    year,
    actual_value,
    actual_kind,
    actual_as_of,
    obs_status,
    previous_actual_value,
    previous_year,
    round(actual_value - previous_actual_value, 6) as change_from_previous,
    target_value,
    target_comparator,
    target_scope,
    target_basis,
    final_target_value,
    final_target_year,
    baseline_value,
    baseline_year,
    round(actual_value - target_value, 6) as gap_to_target,
    round(
        case direction_sign
            when 1 then actual_value / nullif(target_value, 0)
            when -1 then target_value / nullif(if(target_value = 0, 0, actual_value), 0)
        end * 100,
        6
    ) as attainment_pct,
    trajectory_ratio,
    linear_pace_ratio,
    cagr_ratio,
    case
        when actual_value is null then 'no_observation'
        when target_value is null then 'no_target'
        when is_target_met then 'achieved'
        when is_yes_no and not is_target_met then 'insufficient'
        when is_to_keep then 'moving_away'
        when deciding_ratio_value >= on_track_min then 'on_track'
        when deciding_ratio_value >= moderate_min then 'moderate'
        when deciding_ratio_value >= insufficient_min then 'insufficient'
        when deciding_ratio_value < insufficient_min then 'moving_away'
        else 'not_assessable'
    end as progress_status,
    deciding_ratio,
    rule_version,
    coalesce(
        unit = 'percent'
        and judged_target_value in (0, 100)
        and not is_target_met
        and abs(actual_value - judged_target_value) <= near_limit_tolerance_share * 100,
        false
    ) as near_limit,
    observation_document_id,
    target_document_id,
    target_document_number,
    observation_fact_id,
    target_fact_id,
    target_id,
    target_is_confirmed,
    winning_rule,
    coalesce(competing_count, 0) as competing_count,
    coalesce(conflict_count, 0) as conflict_count,
from decided
