-- The conflicts that a cell counts are the conflicts that mart_conflict lists.
with

listed as (

    select
        winner_vintage_id as vintage_id,
        count(*) as listed_count,
    from {{ ref('mart_conflict') }}
    group by winner_vintage_id

)

select
    observations.vintage_id,
    observations.conflict_count,
    listed.listed_count,
from {{ ref('fct_observation') }} as observations
full outer join listed on observations.vintage_id = listed.vintage_id
where coalesce(observations.conflict_count, 0) <> coalesce(listed.listed_count, 0)
