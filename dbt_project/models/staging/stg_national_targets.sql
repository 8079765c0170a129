with

source as (

    select * from {{ ref('national_targets') }}

),

renamed as (

    select
        indicator_code,
        comparator,
        document_number,
        document_title,
        applies_to_levels,
        note,
        cast(value as double) as value,
        cast(confirmed as boolean) as is_confirmed,
        cast(year as integer) as year,
        cast(issued_on as date) as issued_on,
    from source

)

select * from renamed
