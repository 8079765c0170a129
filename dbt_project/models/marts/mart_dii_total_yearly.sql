with

scores as (

    select * from {{ ref('mart_dii_score_yearly') }}

),

published as (

    select * from {{ ref('int_published_dii_score') }}
    where is_current
        and criterion_code is null

),

totals as (

    select
        admin_unit_key,
        admin_unit_code,
        admin_unit_name,
        year,
        decision_number,
        round(sum(points order by criterion), 6) as points,
        round(coalesce(sum(max_points order by criterion) filter (where is_assessable), 0), 6) as assessable_points,
        round(sum(max_points order by criterion), 6) as max_points,
        cast(count(*) filter (where is_assessable) as integer) as assessable_criteria_count,
        cast(count(*) as integer) as criteria_count,
        bool_and(is_confirmed) filter (where is_assessable) as is_confirmed,
    from scores
    group by all

)

select
    totals.admin_unit_code,
    totals.admin_unit_name,
    totals.year,
    totals.points,
    totals.assessable_points,
    totals.max_points,
    round(totals.points / nullif(totals.assessable_points, 0) * 100, 6) as reached_of_assessable_pct,
    totals.assessable_criteria_count,
    totals.criteria_count,
    coalesce(totals.is_confirmed, false) as is_confirmed,
    published.points as published_points,
    published.score_round as published_round,
    round(totals.points - published.points, 6) as points_difference,
    published.document_number as published_document_number,
    totals.decision_number,
    totals.admin_unit_key,
from totals
left join published
    on totals.admin_unit_key = published.admin_unit_key
    and totals.year = published.year
    and totals.decision_number = published.decision_number
order by totals.admin_unit_key, totals.year
