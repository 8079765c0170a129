with

source as (

    select * from {{ ref('admin_unit_successors') }}

),

renamed as (

    select
        {{ admin_unit_key('old_code', 'old_valid_from') }} as old_admin_unit_key,
        {{ admin_unit_key('new_code', 'new_valid_from') }} as new_admin_unit_key,
        share_basis,
        cast(share as double) as share,
    from source

)

select * from renamed
