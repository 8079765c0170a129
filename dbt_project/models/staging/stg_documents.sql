with

source as (

    select * from {{ source('raw', 'documents') }}

),

renamed as (

    select
        document_id,
        {{ admin_unit_key('admin_unit_code', 'admin_unit_valid_from') }} as admin_unit_key,
        path,
        file_format,
        document_type,
        status as document_status,
        issuer,
        document_number,
        adjusts_document_number,
        title,
        source_url,
        admin_unit_code,
        admin_unit_level,
        admin_unit_name,
        place_text,
        reader_version,
        extractor_version,
        sidecar_id,
        byte_count,
        block_count,
        statement_count,
        reference_year,
        admin_unit_valid_from,
        issued_on,
        received_at,
        withdrawn_at,
    from source

)

select * from renamed
