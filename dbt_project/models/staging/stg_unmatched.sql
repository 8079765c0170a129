with

source as (

    select * from {{ source('raw', 'unmatched') }}

),

renamed as (

    select
        label_key,
        label,
        units,
        sample_quote,
        sample_document_id,
        nearest_indicator_1 as nearest_indicator_1_code,
        nearest_indicator_2 as nearest_indicator_2_code,
        nearest_indicator_3 as nearest_indicator_3_code,
        nearest_score,
        statement_count,
        document_count,
    from source

)

select * from renamed
