with

vintages as (

    select *
    from {{ ref('int_observation_vintage') }}
    where standing_rank is not null

),

conflicts as (

    select * from {{ ref('int_conflict') }}

),

winners as (

    select * from vintages where standing_rank = 1

),

runners_up as (

    select * from vintages where standing_rank = 2

),

first_differences as (

    select
        winners.vintage_id,
        winners.rule_codes[
            list_position([
                winners.rule_values[i] <> runners_up.rule_values[i]
                for i in range(1, len(winners.rule_values) + 1)
            ], true)
        ] as first_different_rule,
        winners.as_of is null and runners_up.as_of is null as neither_is_dated,
    from winners
    inner join runners_up
        on winners.admin_unit_key = runners_up.admin_unit_key
        and winners.indicator_code = runners_up.indicator_code
        and winners.year = runners_up.year

),

competition as (

    select
        admin_unit_key,
        indicator_code,
        year,
        cast(count(*) - 1 as integer) as competing_count,
        {# The base that a plan states for the year, even where a later figure of the year has won. #}
        arg_min(value, standing_rank) filter (where kind = 'baseline') as baseline_value,
    from vintages
    group by admin_unit_key, indicator_code, year

),

conflict_counts as (

    select
        winner_vintage_id,
        cast(count(*) as integer) as conflict_count,
    from conflicts
    group by winner_vintage_id

)

select
    winners.* exclude (
        rule_values, rule_codes, priority_rank, standing_rank, is_current, known_to, withdrawn_at, correction_status
    ),
    competition.baseline_value,
    case
        when first_differences.vintage_id is null then 'only_value'
        -- Undated figures are told apart by their issue dates alone.
        when first_differences.first_different_rule = 'later_as_of' and first_differences.neither_is_dated
            then 'later_issue'
        else first_differences.first_different_rule
    end as winning_rule,
    competition.competing_count,
    coalesce(conflict_counts.conflict_count, 0) as conflict_count,
from winners
inner join competition
    on winners.admin_unit_key = competition.admin_unit_key
    and winners.indicator_code = competition.indicator_code
    and winners.year = competition.year
left join first_differences on winners.vintage_id = first_differences.vintage_id
left join conflict_counts on winners.vintage_id = conflict_counts.winner_vintage_id
order by winners.admin_unit_key, winners.indicator_code, winners.year
