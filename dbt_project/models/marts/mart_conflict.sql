with

conflicts as (

    select * from {{ ref('int_conflict') }}

),

vintages as (

    select * from {{ ref('int_observation_vintage') }}

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
    winners.kind as winner_kind,
    others.kind as other_kind,
    winners.as_of as winner_as_of,
    others.as_of as other_as_of,
    winner_facts.quote as winner_quote,
    other_facts.quote as other_quote,
    winners.document_id as winner_document_id,
    others.document_id as other_document_id,
    winner_documents.title as winner_document_title,
    other_documents.title as other_document_title,
    winners.fact_id as winner_fact_id,
    others.fact_id as other_fact_id,
    conflicts.winner_vintage_id,
    conflicts.other_vintage_id,
from conflicts
inner join vintages as winners on conflicts.winner_vintage_id = winners.vintage_id
inner join vintages as others on conflicts.other_vintage_id = others.vintage_id
inner join facts as winner_facts on winners.fact_id = winner_facts.fact_id
inner join facts as other_facts on others.fact_id = other_facts.fact_id
inner join documents as winner_documents on winners.document_id = winner_documents.document_id
inner join documents as other_documents on others.document_id = other_documents.document_id
inner join units on conflicts.admin_unit_key = units.admin_unit_key
order by conflicts.admin_unit_key, conflicts.indicator_code, conflicts.year, conflicts.other_vintage_id
