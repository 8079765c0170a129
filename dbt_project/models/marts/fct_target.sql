with

targets as (

    select * from {{ ref('int_target') }}

),

facts as (

    select
        fact_id,
        page,
        table_no,
        table_row,
        table_column,
        block_no,
        char_start,
        char_end,
    from {{ ref('stg_facts') }}

)

select
    targets.target_id,
    targets.fact_id,
    targets.document_id,
    targets.document_number,
    targets.admin_unit_key,
    targets.admin_unit_code,
    targets.admin_unit_level as level,
    targets.indicator_code,
    targets.year,
    targets.value,
    targets.value_max,
    targets.unit,
    targets.comparator,
    targets.is_approximate,
    targets.target_source,
    targets.is_adjustment,
    targets.adjusts_document_number,
    targets.kept_from_year,
    targets.applies_to_levels,
    targets.is_confirmed,
    targets.published_on,
    targets.known_from,
    targets.known_to,
    targets.withdrawn_at,
    targets.is_current,
    targets.priority_rank,
    targets.quote,
    facts.page,
    facts.table_no,
    facts.table_row,
    facts.table_column,
    facts.block_no,
    facts.char_start,
    facts.char_end,
from targets
left join facts on targets.fact_id = facts.fact_id
order by targets.admin_unit_level, targets.admin_unit_key, targets.indicator_code, targets.year, targets.priority_rank
