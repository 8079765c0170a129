with

conflicts as (

    select * from {{ ref('int_conflict') }}

),

facts as (

    select
        fact_id,
        quote,
    from {{ ref('stg_facts') }}

),

documents as (

    select * from {{ ref('stg_documents') }}

),

units as (

    select * from {{ ref('int_admin_unit') }}

)

select
    conflicts.admin_unit_key,
    units.admin_unit_code,
    units.name as admin_unit_name,
    units.level,
    conflicts.indicator_code,
    conflicts.year,
    conflicts.unit,
    conflicts.winner_value,
    conflicts.other_value,
    conflicts.difference,
    conflicts.tolerance,
    conflicts.conflict_type,
    conflicts.winner_kind,
    conflicts.other_kind,
    conflicts.winner_as_of,
    conflicts.other_as_of,
    winner_facts.quote as winner_quote,
    other_facts.quote as other_quote,
    conflicts.winner_document_id,
    conflicts.other_document_id,
    winner_documents.title as winner_document_title,
    other_documents.title as other_document_title,
    conflicts.winner_fact_id,
    conflicts.other_fact_id,
    conflicts.winner_vintage_id,
    conflicts.other_vintage_id,
from conflicts
inner join facts as winner_facts on conflicts.winner_fact_id = winner_facts.fact_id
inner join facts as other_facts on conflicts.other_fact_id = other_facts.fact_id
inner join documents as winner_documents on conflicts.winner_document_id = winner_documents.document_id
inner join documents as other_documents on conflicts.other_document_id = other_documents.document_id
inner join units on conflicts.admin_unit_key = units.admin_unit_key
order by conflicts.admin_unit_key, conflicts.indicator_code, conflicts.year, conflicts.other_vintage_id
