with

vintages as (

    select *
    from {{ ref('int_observation_vintage') }}
    where standing_rank is not null

),

tolerances as (

    select * from {{ ref('int_conflict_tolerance') }}

),

{# A correction and the figure it corrects are one matter, not two opinions. #}
pairs as (

    select
        winners.admin_unit_key,
        winners.indicator_code,
        winners.year,
        winners.unit,
        winners.vintage_id as winner_vintage_id,
        others.vintage_id as other_vintage_id,
        winners.value as winner_value,
        others.value as other_value,
        round(others.value - winners.value, 6) as difference,
        greatest(
            coalesce(tolerances.absolute_tolerance, 0),
            coalesce(tolerances.relative_tolerance_share, 0) * greatest(abs(winners.value), abs(others.value))
        ) as tolerance,
        case
            when winners.as_of <> others.as_of then 'other_moment'
            when winners.kind <> others.kind then 'other_kind'
            when winners.document_id = others.document_id then 'same_document'
            else 'other_document'
        end as conflict_type,
        winners.kind as winner_kind,
        others.kind as other_kind,
        winners.as_of as winner_as_of,
        others.as_of as other_as_of,
        winners.document_id as winner_document_id,
        others.document_id as other_document_id,
        winners.fact_id as winner_fact_id,
        others.fact_id as other_fact_id,
    from vintages as winners
    inner join vintages as others
        on winners.admin_unit_key = others.admin_unit_key
        and winners.indicator_code = others.indicator_code
        and winners.year = others.year
        and winners.fact_id <> others.fact_id
    left join tolerances on winners.unit = tolerances.unit
    where winners.is_current
        and not others.is_current

)

select *
from pairs
where abs(difference) > tolerance
order by admin_unit_key, indicator_code, year, other_vintage_id
