-- The counts of the districts of a province cannot add up to more than 1 % above the province's own.
{{ config(severity='warn') }}

with

districts as (

    select
        province_key,
        indicator_code,
        year,
        sum(actual_value) as districts_total,
    from {{ ref('mart_district_indicator_yearly') }}
    where unit = 'count'
        and actual_value is not null
    group by province_key, indicator_code, year

)

select
    districts.*,
    provinces.actual_value as province_value,
from districts
inner join {{ ref('mart_province_indicator_yearly') }} as provinces
    on districts.province_key = provinces.admin_unit_key
    and districts.indicator_code = provinces.indicator_code
    and districts.year = provinces.year
where districts.districts_total > 1.01 * provinces.actual_value
