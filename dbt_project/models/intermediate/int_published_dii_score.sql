with

scores as (

    select * from {{ ref('stg_published_dii_scores') }}

),

{# Round 1 goes out for confirmation, round 2 is final; within a round the later publication holds. #}
ranked as (

    select
        *,
        row_number() over same_score = 1 as is_current,
        lag(published_on) over same_score as replaced_on,
    from scores
    window same_score as (
        partition by decision_number, admin_unit_key, year, criterion_code
        order by score_round desc, published_on desc, score_id
    )

)

select
    score_id,
    decision_number,
    admin_unit_key,
    year,
    criterion_code,
    score_round,
    points,
    published_on as known_from,
    if(replaced_on > published_on, replaced_on, null) as known_to,
    is_current,
    document_number,
    document_title,
    source_url,
    is_confirmed,
    note,
from ranked
order by decision_number, admin_unit_key, year, criterion_code nulls first, score_round, known_from, score_id
