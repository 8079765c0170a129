with

targets as (

    select * from {{ ref('int_target') }}

)

select
    target_id,
    fact_id,
    document_id,
    document_number,
    admin_unit_key,
    admin_unit_code,
    admin_unit_level as level,
    indicator_code,
    year,
    value,
    value_max,
    unit,
    comparator,
    is_approximate,
    target_source,
    is_adjustment,
    adjusts_document_number,
    kept_from_year,
    applies_to_levels,
    is_confirmed,
    published_on,
    known_from,
    known_to,
    withdrawn_at,
    is_current,
    priority_rank,
    quote,
from targets
order by admin_unit_key, indicator_code, year, priority_rank
