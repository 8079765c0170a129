with

indicators as (

    select * from {{ ref('stg_indicators') }}

)

select
    indicator_code,
    indicator_name_vi,
    indicator_name_en,
    unit,
    direction,
    dii_criterion_code,
    parent_indicator_code,
    weight_indicator_code,
    is_cumulative,
    valid_min,
    valid_max,
    definition_vi,
    definition_en,
    calculation_vi,
    disaggregation_vi,
    publication_frequency_vi,
    data_source_vi,
    responsible_agency_vi,
    is_confirmed,
from indicators
order by indicator_code
