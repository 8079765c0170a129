with

successors as (

    select * from {{ ref('stg_admin_unit_successors') }}

)

select
    old_admin_unit_key,
    new_admin_unit_key,
    share,
    share_basis,
from successors
order by old_admin_unit_key, new_admin_unit_key
