with

source as (

    select * from {{ ref('admin_units') }}

),

renamed as (

    select
        {{ admin_unit_key('admin_unit_code', 'valid_from') }} as admin_unit_key,
        {{ admin_unit_key('parent_code', 'parent_valid_from') }} as parent_key,
        cast(admin_unit_code as varchar) as admin_unit_code,
        level,
        name,
        bare_name,
        unit_type,
        change_type,
        legal_basis,
        cast(latitude as double) as latitude,
        cast(longitude as double) as longitude,
        cast(valid_from as date) as valid_from,
        cast(valid_to as date) as valid_to,
    from source

)

select * from renamed
