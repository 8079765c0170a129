with

corrections as (

    select * from {{ ref('stg_corrections') }}

),

facts as (

    select *
    from {{ ref('stg_facts') }}
    where segment is null or segment_type = 'parent_row'

),

{# A document may print the figure twice: the one that still says what was wrong is meant. #}
matched as (

    select
        corrections.*,
        facts.fact_id,
        facts.value as found_value,
        abs(facts.value - corrections.expected_value) <= 0.000001 as is_as_expected,
    from corrections
    left join facts
        on corrections.document_id = facts.document_id
        and corrections.indicator_code = facts.indicator_code
        and corrections.admin_unit_code = facts.admin_unit_code
        and corrections.year = facts.year
        and corrections.kind = facts.kind
    qualify
        row_number() over (
            partition by corrections.correction_id
            order by is_as_expected desc nulls last, facts.is_headline desc nulls last, facts.fact_id
        ) = 1

)

select
    correction_id,
    fact_id,
    document_id,
    indicator_code,
    admin_unit_code,
    kind,
    case
        when fact_id is null then 'unmatched'
        when is_as_expected then 'applied'
        else 'expired'
    end as correction_status,
    reason,
    corrected_by,
    expected_value,
    found_value,
    right_value,
    year,
    corrected_on,
from matched
order by correction_id
