-- Every statement ends as a fact, as part of an unmatched label or as a reject; nothing is lost.
with

counts as (

    select
        (select count(*) from {{ ref('stg_statements') }}) as statement_count,
        (select count(*) from {{ ref('stg_facts') }}) as fact_count,
        (select coalesce(sum(statement_count), 0) from {{ ref('stg_unmatched') }}) as unmatched_count,
        (select count(*) from {{ ref('stg_rejects') }} where reject_level = 'statement') as reject_count,

)

select *
from counts
where statement_count <> fact_count + unmatched_count + reject_count
