with

indicators as (

    select * from {{ ref('stg_indicators') }}

),

members as (

    select * from {{ ref('stg_indicator_family_members') }}

)

select
    indicators.indicator_code,
    indicators.indicator_name_vi,
    indicators.indicator_name_en,
    indicators.unit,
    indicators.direction,
    indicators.dii_criterion_code,
    indicators.parent_indicator_code,
    indicators.weight_indicator_code,
    members.family_code,
    indicators.is_cumulative,
    indicators.valid_min,
    indicators.valid_max,
    indicators.definition_vi,
    indicators.definition_en,
    indicators.calculation_vi,
    indicators.disaggregation_vi,
    indicators.publication_frequency_vi,
    indicators.data_source_vi,
    indicators.responsible_agency_vi,
    indicators.is_confirmed,
from indicators
left join members on indicators.indicator_code = members.indicator_code
order by indicators.indicator_code
