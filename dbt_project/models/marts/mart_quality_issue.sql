with

issues as (

    select * from {{ ref('int_quality_issue') }}

),

facts as (

    select * from {{ ref('stg_facts') }}

),

documents as (

    select * from {{ ref('stg_documents') }}

),

units as (

    select * from {{ ref('int_admin_unit') }}

)

select
    issues.check_code,
    units.admin_unit_code,
    units.name as admin_unit_name,
    units.level,
    issues.indicator_code,
    issues.year,
    facts.kind,
    issues.value,
    issues.expected_value,
    facts.unit,
    facts.quote,
    documents.path,
    facts.document_id,
    issues.fact_id,
    issues.admin_unit_key,
from issues
inner join units on issues.admin_unit_key = units.admin_unit_key
inner join facts on issues.fact_id = facts.fact_id
inner join documents on facts.document_id = documents.document_id
order by issues.check_code, issues.admin_unit_key, issues.indicator_code, issues.year, issues.fact_id
