with

source as (

    select * from {{ ref('indicators') }}

),

renamed as (

    select
        indicator_code,
        name_vi as indicator_name_vi,
        name_en as indicator_name_en,
        unit,
        direction,
        cast(dii_criterion as varchar) as dii_criterion_code,
        parent_indicator_code,
        weight_indicator_code,
        definition_vi,
        definition_en,
        calculation_vi,
        disaggregation_vi,
        publication_frequency_vi,
        data_source_vi,
        responsible_agency_vi,
        cast(valid_min as double) as valid_min,
        cast(valid_max as double) as valid_max,
        cast(is_cumulative as boolean) as is_cumulative,
        cast(confirmed as boolean) as is_confirmed,
    from source

)

select * from renamed
