with

observations as (

    select * from {{ ref('int_observation') }}

),

{# The words stay with the facts until here: ranking would carry them through every sort. #}
facts as (

    select
        fact_id,
        label,
        quote,
    from {{ ref('stg_facts') }}

)

select
    observations.admin_unit_key,
    observations.admin_unit_code,
    observations.admin_unit_level as level,
    observations.indicator_code,
    observations.year,
    observations.value,
    observations.value_max,
    observations.unit,
    observations.kind,
    observations.obs_status,
    observations.comparator,
    observations.is_approximate,
    observations.numerator,
    observations.denominator,
    observations.as_of,
    observations.published_on,
    observations.known_from,
    observations.winning_rule,
    observations.competing_count,
    observations.conflict_count,
    observations.vintage_id,
    observations.fact_id,
    observations.correction_id,
    observations.document_id,
    observations.confidence,
    facts.label,
    facts.quote,
from observations
inner join facts on observations.fact_id = facts.fact_id
order by observations.admin_unit_key, observations.indicator_code, observations.year
