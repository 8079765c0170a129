with

source as (

    select * from {{ source('raw', 'statements') }}

),

renamed as (

    select
        statement_id,
        document_id,
        shares_value_with as shares_value_with_statement_id,
        outcome,
        figure_role,
        kind,
        kind_basis,
        obs_status,
        label,
        label_left,
        label_right,
        label_context,
        label_heading,
        attach,
        label_key,
        clause,
        quote,
        value_text,
        unit,
        comparator,
        segment,
        segment_type,
        place_text,
        place_basis,
        year_basis,
        value,
        value_max,
        numerator,
        denominator,
        approximate as is_approximate,
        year,
        block_no,
        char_start,
        char_end,
        page,
        table_no,
        table_row,
        table_column,
        as_of,
    from source

)

select * from renamed
