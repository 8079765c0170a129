with

source as (

    select * from {{ source('raw', 'facts') }}

),

renamed as (

    select
        fact_id,
        statement_id,
        document_id,
        indicator_code,
        {{ admin_unit_key('admin_unit_code', 'admin_unit_valid_from') }} as admin_unit_key,
        admin_unit_code,
        admin_unit_level,
        admin_unit_name,
        kind,
        kind_basis,
        obs_status,
        unit,
        comparator,
        segment,
        segment_type,
        matched_by,
        year_basis,
        place_basis,
        label,
        quote,
        value,
        value_max,
        numerator,
        denominator,
        confidence,
        approximate as is_approximate,
        is_headline,
        year,
        block_no,
        char_start,
        char_end,
        page,
        table_no,
        table_row,
        table_column,
        admin_unit_valid_from,
        as_of,
    from source

)

select * from renamed
