with

vintages as (

    select * from {{ ref('int_observation_vintage') }}

),

{# The words stay with the facts until here: ranking would carry them through every sort. #}
facts as (

    select
        fact_id,
        label,
        quote,
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
    vintages.vintage_id,
    vintages.fact_id,
    vintages.correction_id,
    vintages.correction_status,
    vintages.document_id,
    vintages.admin_unit_key,
    vintages.admin_unit_code,
    vintages.admin_unit_level as level,
    vintages.indicator_code,
    vintages.year,
    vintages.kind,
    vintages.obs_status,
    vintages.value,
    vintages.value_max,
    vintages.unit,
    vintages.comparator,
    vintages.is_approximate,
    vintages.numerator,
    vintages.denominator,
    vintages.as_of,
    vintages.published_on,
    vintages.known_from,
    vintages.known_to,
    vintages.withdrawn_at,
    vintages.is_own_document,
    vintages.is_current,
    vintages.priority_rank,
    vintages.confidence,
    facts.label,
    facts.quote,
    facts.page,
    facts.table_no,
    facts.table_row,
    facts.table_column,
    facts.block_no,
    facts.char_start,
    facts.char_end,
from vintages
inner join facts on vintages.fact_id = facts.fact_id
order by vintages.admin_unit_level, vintages.admin_unit_key, vintages.indicator_code, vintages.year, vintages.known_from, vintages.vintage_id
