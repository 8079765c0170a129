with

vintages as (

    select * from {{ ref('int_observation_vintage') }}

)

select
    vintage_id,
    fact_id,
    correction_id,
    correction_status,
    document_id,
    admin_unit_key,
    admin_unit_code,
    admin_unit_level as level,
    indicator_code,
    year,
    kind,
    obs_status,
    value,
    value_max,
    unit,
    comparator,
    is_approximate,
    numerator,
    denominator,
    as_of,
    published_on,
    known_from,
    known_to,
    withdrawn_at,
    is_own_document,
    is_current,
    priority_rank,
    confidence,
    label,
    quote,
from vintages
order by admin_unit_key, indicator_code, year, known_from, vintage_id
