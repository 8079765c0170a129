with

observations as (

    select * from {{ ref('int_observation') }}

),

targets as (

    select * from {{ ref('int_target') }} where is_current

),

units as (

    select * from {{ ref('int_admin_unit') }}

),

indicators as (

    select * from {{ ref('stg_indicators') }}

),

{# What anybody below the country reported for the year: what could have been reported. #}
reported as (

    select distinct
        observations.indicator_code,
        observations.year,
    from observations
    inner join units on observations.admin_unit_key = units.admin_unit_key
    where units.level <> 'country'

),

{# The provinces that existed in some part of the year. #}
expected as (

    select
        units.admin_unit_key as province_key,
        units.admin_unit_code,
        units.name as admin_unit_name,
        reported.indicator_code,
        reported.year,
    from reported
    inner join units
        on units.level = 'province'
        and year(units.valid_from) <= reported.year
        and (units.valid_to is null or year(units.valid_to) >= reported.year)

),

counted_units as (

    select
        units.province_key,
        years.year,
        count(*) filter (where units.level = 'district') as district_count,
        count(*) filter (where units.level = 'commune') as commune_count,
    from units
    inner join (select distinct year from reported) as years
        on year(units.valid_from) <= years.year
        and (units.valid_to is null or year(units.valid_to) >= years.year)
    where units.province_key is not null
    group by units.province_key, years.year

),

covered as (

    select
        units.province_key,
        observations.indicator_code,
        observations.year,
        any_value(observations.obs_status) filter (where units.level = 'province') as obs_status,
        count(*) filter (where units.level = 'district') as reporting_district_count,
        count(*) filter (where units.level = 'commune') as reporting_commune_count,
        count(distinct observations.document_id) as document_count,
    from observations
    inner join units on observations.admin_unit_key = units.admin_unit_key
    where units.province_key is not null
    group by units.province_key, observations.indicator_code, observations.year

)

select
    expected.admin_unit_code,
    expected.admin_unit_name,
    expected.indicator_code,
    indicators.indicator_name_vi,
    expected.year,
    covered.obs_status is not null as has_observation,
    coalesce(covered.obs_status, 'L') as obs_status,
    targets.target_id is not null as has_target,
    cast(coalesce(counted_units.district_count, 0) as integer) as district_count,
    cast(coalesce(covered.reporting_district_count, 0) as integer) as reporting_district_count,
    cast(coalesce(counted_units.commune_count, 0) as integer) as commune_count,
    cast(coalesce(covered.reporting_commune_count, 0) as integer) as reporting_commune_count,
    cast(coalesce(covered.document_count, 0) as integer) as document_count,
    expected.province_key as admin_unit_key,
from expected
inner join indicators on expected.indicator_code = indicators.indicator_code
left join counted_units
    on expected.province_key = counted_units.province_key
    and expected.year = counted_units.year
left join covered
    on expected.province_key = covered.province_key
    and expected.indicator_code = covered.indicator_code
    and expected.year = covered.year
left join targets
    on expected.province_key = targets.admin_unit_key
    and expected.indicator_code = targets.indicator_code
    and expected.year = targets.year
order by expected.province_key, expected.indicator_code, expected.year
