with

source as (

    select * from {{ source('raw', 'released_cells') }}

),

renamed as (

    select
        release_slot,
        admin_unit_code,
        level,
        indicator_code,
        progress_status,
        actual_value,
        target_value,
        year,
    from source

)

select * from renamed
