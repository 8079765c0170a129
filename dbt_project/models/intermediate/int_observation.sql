with

vintages as (

    select *
    from {{ ref('int_observation_vintage') }}
    where standing_rank is not null

),

conflicts as (

    select * from {{ ref('int_conflict') }}

),

rules as (

    select list(rule_code order by rule_order) as rule_codes
    from {{ ref('stg_priority_rules') }}

),

winners as (

    select * from vintages where standing_rank = 1

),

losers as (

    select
        admin_unit_key,
        indicator_code,
        year,
        cast(count(*) as integer) as competing_count,
        arg_min(value, standing_rank) filter (where kind = 'baseline') as baseline_value,
        any_value(rule_values) filter (where standing_rank = 2) as runner_up_rule_values,
        any_value(as_of) filter (where standing_rank = 2) as runner_up_as_of,
    from vintages
    where standing_rank > 1
    group by admin_unit_key, indicator_code, year

),

conflict_counts as (

    select
        winner_vintage_id,
        cast(count(*) as integer) as conflict_count,
    from conflicts
    group by winner_vintage_id

),

{# Two figures of one document, alike in everything else, are told apart by their place in it. #}
compared as (

    select
        winners.*,
        losers.competing_count,
        losers.baseline_value as loser_baseline_value,
        losers.runner_up_as_of,
        case
            when losers.competing_count is not null
                then coalesce(
                    rules.rule_codes[
                        list_position([
                            winners.rule_values[i] <> losers.runner_up_rule_values[i]
                            for i in range(1, len(winners.rule_values) + 1)
                        ], true)
                    ],
                    'document_order'
                )
        end as first_different_rule,
    from winners
    cross join rules
    left join losers
        on winners.admin_unit_key = losers.admin_unit_key
        and winners.indicator_code = losers.indicator_code
        and winners.year = losers.year

)

select
    compared.* exclude (
        rule_values,
        priority_rank,
        standing_rank,
        is_current,
        known_to,
        withdrawn_at,
        correction_status,
        competing_count,
        loser_baseline_value,
        runner_up_as_of,
        first_different_rule
    ),
    -- The base that a plan states for the year, even where a later figure of the year has won.
    if(compared.kind = 'baseline', compared.value, compared.loser_baseline_value) as baseline_value,
    case
        when compared.first_different_rule is null then 'only_value'
        -- Undated figures are told apart by their issue dates alone.
        when compared.first_different_rule = 'later_as_of'
            and compared.as_of is null
            and compared.runner_up_as_of is null
            then 'later_issue'
        else compared.first_different_rule
    end as winning_rule,
    coalesce(compared.competing_count, 0) as competing_count,
    coalesce(conflict_counts.conflict_count, 0) as conflict_count,
from compared
left join conflict_counts on compared.vintage_id = conflict_counts.winner_vintage_id
