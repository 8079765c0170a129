with

observations as (

    select * from {{ ref('int_observation') }}

)

select
    admin_unit_key,
    admin_unit_code,
    admin_unit_level as level,
    indicator_code,
    year,
    value,
    value_max,
    unit,
    kind,
    obs_status,
    comparator,
    is_approximate,
    numerator,
    denominator,
    as_of,
    published_on,
    known_from,
    winning_rule,
    competing_count,
    conflict_count,
    vintage_id,
    fact_id,
    correction_id,
    document_id,
    confidence,
    label,
    quote,
from observations
order by admin_unit_key, indicator_code, year
