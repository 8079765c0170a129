{# Figures that do not fit together or cannot be; they are named here and changed nowhere. #}
with

facts as (

    select facts.*
    from {{ ref('stg_facts') }} as facts
    inner join {{ ref('stg_documents') }} as documents on facts.document_id = documents.document_id
    where documents.withdrawn_at is null

),

statements as (

    select * from {{ ref('stg_statements') }}

),

observations as (

    select * from {{ ref('int_observation') }}

),

indicators as (

    select * from {{ ref('stg_indicators') }}

),

units as (

    select * from {{ ref('int_admin_unit') }}

),

tolerances as (

    select * from {{ ref('int_conflict_tolerance') }}

),

rules as (

    select * from {{ ref('int_progress_rule') }}

),

out_of_range as (

    select
        'out_of_range' as check_code,
        facts.admin_unit_key,
        facts.indicator_code,
        facts.year,
        facts.value,
        if(facts.value < indicators.valid_min, indicators.valid_min, indicators.valid_max) as expected_value,
        facts.fact_id,
    from facts
    inner join indicators on facts.indicator_code = indicators.indicator_code
    where facts.value < indicators.valid_min
        or facts.value > indicators.valid_max

),

{# A fraction may be the complement of the percentage beside it: 3 villages of 100 without, 97 % with. #}
fraction_mismatch as (

    select
        'fraction_mismatch' as check_code,
        facts.admin_unit_key,
        facts.indicator_code,
        facts.year,
        facts.value,
        round(facts.numerator / facts.denominator * 100, 6) as expected_value,
        facts.fact_id,
    from facts
    cross join rules
    where facts.unit = 'percent'
        and facts.denominator > 0
        and round(abs(facts.value - facts.numerator / facts.denominator * 100), 6)
            > rules.ratio_check_tolerance_points
        and round(abs(100 - facts.value - facts.numerator / facts.denominator * 100), 6)
            > rules.ratio_check_tolerance_points

),

{# Subscriptions per 100 people printed with a percent sign: another denominator than the sign says. #}
unit_slip as (

    select
        'unit_slip' as check_code,
        facts.admin_unit_key,
        facts.indicator_code,
        facts.year,
        facts.value,
        cast(null as double) as expected_value,
        facts.fact_id,
    from facts
    inner join indicators on facts.indicator_code = indicators.indicator_code
    inner join statements on facts.statement_id = statements.statement_id
    where indicators.unit = 'per_100_people'
        and contains(statements.value_text, '%')

),

{# A figure of a year in which the unit was no more belongs to the later owner of the code, or to none. #}
unit_no_longer_existed as (

    select
        'unit_no_longer_existed' as check_code,
        facts.admin_unit_key,
        facts.indicator_code,
        facts.year,
        facts.value,
        cast(null as double) as expected_value,
        facts.fact_id,
    from facts
    inner join units on facts.admin_unit_key = units.admin_unit_key
    where facts.kind <> 'target'
        and facts.year > year(units.valid_to)

),

impossible_fall as (

    select
        'impossible_fall' as check_code,
        later.admin_unit_key,
        later.indicator_code,
        later.year,
        later.value,
        earlier.value as expected_value,
        later.fact_id,
    from observations as later
    inner join indicators on later.indicator_code = indicators.indicator_code
    asof join observations as earlier
        on later.admin_unit_key = earlier.admin_unit_key
        and later.indicator_code = earlier.indicator_code
        and later.year > earlier.year
    left join tolerances on later.unit = tolerances.unit
    where indicators.is_cumulative
        and round(earlier.value - later.value, 6) > greatest(
            coalesce(tolerances.absolute_tolerance, 0),
            coalesce(tolerances.relative_tolerance_share, 0) * abs(earlier.value)
        )

),

{# What the units below a unit count together, each level by itself, as they stood at the year's end. #}
sums_of_units as (

    select
        units.parent_key as admin_unit_key,
        units.level,
        observations.indicator_code,
        observations.year,
        round(sum(observations.value order by units.admin_unit_key), 6) as parts_value,
        count(*) as reporting_count,
    from observations
    inner join units
        on observations.admin_unit_key = units.admin_unit_key
        and (units.valid_to is null or units.valid_to >= make_date(observations.year, 12, 31))
    where observations.unit in ('count', 'km')
    group by units.parent_key, units.level, observations.indicator_code, observations.year

),

unit_sizes as (

    select
        units.parent_key,
        units.level,
        years.year,
        count(*) as part_count,
    from units
    inner join (select distinct year from sums_of_units) as years
        on units.valid_from <= make_date(years.year, 12, 31)
        and (units.valid_to is null or units.valid_to >= make_date(years.year, 12, 31))
    group by all

),

units_exceed_whole as (

    select
        'units_exceed_whole' as check_code,
        wholes.admin_unit_key,
        wholes.indicator_code,
        wholes.year,
        wholes.value,
        sums_of_units.parts_value as expected_value,
        wholes.fact_id,
    from sums_of_units
    inner join observations as wholes
        on sums_of_units.admin_unit_key = wholes.admin_unit_key
        and sums_of_units.indicator_code = wholes.indicator_code
        and sums_of_units.year = wholes.year
    left join tolerances on wholes.unit = tolerances.unit
    where sums_of_units.parts_value > wholes.value * (1 + coalesce(tolerances.relative_tolerance_share, 0))

),

{# Where every district has reported, their counts add up to the province's. #}
units_fall_short as (

    select
        'units_fall_short' as check_code,
        wholes.admin_unit_key,
        wholes.indicator_code,
        wholes.year,
        wholes.value,
        sums_of_units.parts_value as expected_value,
        wholes.fact_id,
    from sums_of_units
    inner join observations as wholes
        on sums_of_units.admin_unit_key = wholes.admin_unit_key
        and sums_of_units.indicator_code = wholes.indicator_code
        and sums_of_units.year = wholes.year
    inner join unit_sizes
        on sums_of_units.admin_unit_key = unit_sizes.parent_key
        and sums_of_units.level = unit_sizes.level
        and sums_of_units.year = unit_sizes.year
        and sums_of_units.reporting_count = unit_sizes.part_count
    left join tolerances on wholes.unit = tolerances.unit
    where sums_of_units.parts_value < wholes.value * (1 - coalesce(tolerances.relative_tolerance_share, 0))

),

parts_exceed_whole as (

    select
        'parts_exceed_whole' as check_code,
        wholes.admin_unit_key,
        wholes.indicator_code,
        wholes.year,
        wholes.value,
        round(sum(parts.value order by parts.indicator_code), 6) as expected_value,
        wholes.fact_id,
    from observations as parts
    inner join indicators on parts.indicator_code = indicators.indicator_code
    inner join observations as wholes
        on parts.admin_unit_key = wholes.admin_unit_key
        and indicators.parent_indicator_code = wholes.indicator_code
        and parts.year = wholes.year
    where parts.unit = 'count'
    group by all
    having sum(parts.value) > wholes.value

)

{% for check in [
    'out_of_range',
    'fraction_mismatch',
    'unit_slip',
    'unit_no_longer_existed',
    'impossible_fall',
    'units_exceed_whole',
    'units_fall_short',
    'parts_exceed_whole',
] %}
select * from {{ check }}
{% if not loop.last %}union all by name{% endif %}
{% endfor %}
order by check_code, admin_unit_key, indicator_code, year, fact_id
