with

scores as (

    select * from {{ ref('int_published_dii_score') }}

),

units as (

    select * from {{ ref('int_admin_unit') }}

)

select
    scores.score_id,
    units.admin_unit_code,
    units.name as admin_unit_name,
    scores.year,
    scores.criterion_code as criterion,
    scores.score_round,
    scores.points,
    scores.known_from,
    scores.known_to,
    scores.is_current,
    scores.decision_number,
    scores.document_number,
    scores.document_title,
    scores.source_url,
    scores.is_confirmed,
    scores.admin_unit_key,
from scores
inner join units on scores.admin_unit_key = units.admin_unit_key
order by scores.admin_unit_key, scores.year, scores.criterion_code nulls first, scores.score_round, scores.score_id
