with

criteria as (

    select * from {{ ref('stg_dii_criteria') }}

),

decisions as (

    select * from {{ ref('stg_dii_decisions') }}

),

published as (

    select * from {{ ref('int_published_dii_score') }} where is_current

),

provinces as (

    select * from {{ ref('int_admin_unit') }} where level = 'province'

),

observations as (

    select
        admin_unit_key,
        indicator_code,
        year,
        value,
        fact_id,
        document_id,
    from {{ ref('int_observation') }}
    where admin_unit_level = 'province'

),

plans as (

    select
        document_id,
        admin_unit_key,
        cast(year(issued_on) as integer) as issued_year,
    from {{ ref('stg_documents') }}
    where document_type = 'plan'
        and document_status = 'read'
        and issued_on is not null
        and withdrawn_at is null

),

criterion_indicators as (

    select indicator_code from criteria where indicator_code is not null
    union
    select fallback_indicator_code from criteria where fallback_indicator_code is not null

),

province_years as (

    select
        observations.admin_unit_key,
        observations.year,
    from observations
    inner join criterion_indicators on observations.indicator_code = criterion_indicators.indicator_code

    union

    select
        plans.admin_unit_key,
        plans.issued_year as year,
    from plans
    inner join provinces on plans.admin_unit_key = provinces.admin_unit_key

    union

    select
        published.admin_unit_key,
        published.year,
    from published

),

{# One version of the criteria a year: the latest decision that covers it. #}
decided_years as (

    select
        province_years.*,
        decisions.decision_number,
    from province_years
    inner join decisions
        on province_years.year >= coalesce(decisions.first_year, province_years.year)
        and province_years.year <= coalesce(decisions.last_year, province_years.year)
    qualify
        row_number() over (
            partition by province_years.admin_unit_key, province_years.year
            order by decisions.issued_on desc, decisions.decision_number
        ) = 1

),

{# A plan that is among the documents shows that it exists; the lack of one shows nothing. #}
known_plans as (

    select
        province_years.admin_unit_key,
        province_years.year,
        arg_max(plans.document_id, (plans.issued_year, plans.document_id)) as document_id,
    from province_years
    inner join plans
        on province_years.admin_unit_key = plans.admin_unit_key
        and province_years.year >= plans.issued_year
    group by province_years.admin_unit_key, province_years.year

),

valued as (

    select
        decided_years.admin_unit_key,
        decided_years.year,
        criteria.*,
        case
            when criteria.scoring_rule = 'own_plan' then if(known_plans.document_id is not null, 1.0, null)
            when criteria.scoring_rule <> 'none' then coalesce(main.value, fallback.value)
        end as value,
        case
            when criteria.scoring_rule in ('own_plan', 'none') then null
            when main.value is not null then criteria.indicator_code
            when fallback.value is not null then criteria.fallback_indicator_code
        end as valued_indicator_code,
        case
            when criteria.scoring_rule = 'own_plan' then known_plans.document_id
            when criteria.scoring_rule <> 'none' then coalesce(main.document_id, fallback.document_id)
        end as document_id,
        if(criteria.scoring_rule <> 'none', coalesce(main.fact_id, fallback.fact_id), null) as fact_id,
    from decided_years
    inner join criteria on decided_years.decision_number = criteria.decision_number
    left join known_plans
        on decided_years.admin_unit_key = known_plans.admin_unit_key
        and decided_years.year = known_plans.year
    left join observations as main
        on decided_years.admin_unit_key = main.admin_unit_key
        and decided_years.year = main.year
        and criteria.indicator_code = main.indicator_code
    left join observations as fallback
        on decided_years.admin_unit_key = fallback.admin_unit_key
        and decided_years.year = fallback.year
        and criteria.fallback_indicator_code = fallback.indicator_code

),

{# No more than the maximum is given, even where a source prints more than 100 %. #}
scored as (

    select
        *,
        case
            when value is null then null
            when scoring_rule in ('own_plan', 'yes_no') then value
            when scoring_rule = 'ratio' then least(value / 100, 1)
            when scoring_rule = 'reference' and reference_value > 0 then least(value / reference_value, 1)
        end as reached_share,
    from valued

)

select
    provinces.admin_unit_code,
    provinces.name as admin_unit_name,
    scored.year,
    scored.criterion_code as criterion,
    scored.value,
    round(scored.reached_share * scored.max_points, 6) as points,
    scored.max_points,
    scored.reached_share is not null as is_assessable,
    scored.is_confirmed,
    scored.group_code,
    scored.criterion_name_vi,
    scored.criterion_name_en,
    scored.unit,
    scored.scoring_rule,
    scored.reference_value,
    scored.valued_indicator_code as indicator_code,
    scored.document_id,
    scored.fact_id,
    scored.decision_number,
    published.points as published_points,
    published.score_round as published_round,
    round(round(scored.reached_share * scored.max_points, 6) - published.points, 6) as points_difference,
    published.document_number as published_document_number,
    scored.admin_unit_key,
from scored
inner join provinces on scored.admin_unit_key = provinces.admin_unit_key
left join published
    on scored.admin_unit_key = published.admin_unit_key
    and scored.year = published.year
    and scored.decision_number = published.decision_number
    and scored.criterion_code = published.criterion_code
order by scored.admin_unit_key, scored.year, scored.criterion_code
