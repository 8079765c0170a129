-- Counted parts (sub-rows of a total) cannot add up to more than the total of the same cell.
{{ config(severity='warn') }}

with

parts as (

    select
        observations.admin_unit_key,
        indicators.parent_indicator_code,
        observations.year,
        sum(observations.value) as parts_total,
    from {{ ref('fct_observation') }} as observations
    inner join {{ ref('dim_indicator') }} as indicators
        on observations.indicator_code = indicators.indicator_code
    where indicators.parent_indicator_code is not null
        and observations.unit = 'count'
    group by observations.admin_unit_key, indicators.parent_indicator_code, observations.year

)

select
    parts.*,
    wholes.value as whole_value,
from parts
inner join {{ ref('fct_observation') }} as wholes
    on parts.admin_unit_key = wholes.admin_unit_key
    and parts.parent_indicator_code = wholes.indicator_code
    and parts.year = wholes.year
where parts.parts_total > wholes.value
