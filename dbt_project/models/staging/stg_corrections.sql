with

source as (

    select * from {{ ref('corrections') }}

),

renamed as (

    select
        cast(correction_id as varchar) as correction_id,
        cast(document_id as varchar) as document_id,
        cast(indicator_code as varchar) as indicator_code,
        cast(admin_unit_code as varchar) as admin_unit_code,
        cast(kind as varchar) as kind,
        cast(reason as varchar) as reason,
        cast(corrected_by as varchar) as corrected_by,
        cast(expected_value as double) as expected_value,
        cast(right_value as double) as right_value,
        cast(year as integer) as year,
        cast(corrected_on as date) as corrected_on,
    from source

)

select * from renamed
