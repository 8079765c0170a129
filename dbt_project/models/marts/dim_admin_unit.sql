with

units as (

    select * from {{ ref('int_admin_unit') }}

)

select
    admin_unit_key,
    admin_unit_code,
    name,
    level,
    parent_key,
    valid_from,
    valid_to,
    change_type,
    legal_basis,
    latitude,
    longitude,
    bare_name,
    unit_type,
    province_key,
    province_code,
    province_name,
from units
order by admin_unit_key
