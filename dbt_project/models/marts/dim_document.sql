with

documents as (

    select * from {{ ref('stg_documents') }}

),

facts as (

    select * from {{ ref('stg_facts') }}

),

rejects as (

    select * from {{ ref('stg_rejects') }}

),

fact_counts as (

    select
        document_id,
        count(*) as fact_count,
        count(*) filter (where is_headline) as headline_fact_count,
    from facts
    group by document_id

),

reject_counts as (

    select
        document_id,
        count(*) as reject_count,
    from rejects
    where document_id is not null
    group by document_id

)

select
    documents.document_id,
    documents.path,
    documents.file_format,
    documents.document_type,
    documents.document_status,
    documents.issuer,
    documents.document_number,
    documents.adjusts_document_number,
    documents.title,
    documents.source_url,
    documents.admin_unit_key,
    documents.admin_unit_code,
    documents.admin_unit_level,
    documents.admin_unit_name,
    documents.reference_year,
    documents.issued_on,
    documents.received_at,
    documents.withdrawn_at,
    documents.byte_count,
    documents.block_count,
    documents.statement_count,
    cast(coalesce(fact_counts.fact_count, 0) as integer) as fact_count,
    cast(coalesce(fact_counts.headline_fact_count, 0) as integer) as headline_fact_count,
    cast(coalesce(reject_counts.reject_count, 0) as integer) as reject_count,
    documents.reader_version,
    documents.extractor_version,
from documents
left join fact_counts on documents.document_id = fact_counts.document_id
left join reject_counts on documents.document_id = reject_counts.document_id
order by documents.path, documents.document_id
