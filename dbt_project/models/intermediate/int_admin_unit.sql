with

units as (

    select * from {{ ref('stg_admin_units') }}

),

placed as (

    select
        units.*,
        case
            when units.level = 'province' then units.admin_unit_key
            when parents.level = 'province' then parents.admin_unit_key
            when parents.level = 'district' then parents.parent_key
        end as province_key,
    from units
    left join units as parents on units.parent_key = parents.admin_unit_key

)

select
    placed.admin_unit_key,
    placed.parent_key,
    placed.province_key,
    placed.admin_unit_code,
    placed.level,
    placed.name,
    placed.bare_name,
    placed.unit_type,
    placed.change_type,
    placed.legal_basis,
    provinces.admin_unit_code as province_code,
    provinces.name as province_name,
    placed.latitude,
    placed.longitude,
    placed.valid_from,
    placed.valid_to,
from placed
left join units as provinces on placed.province_key = provinces.admin_unit_key
order by placed.admin_unit_key
