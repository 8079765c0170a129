with

source as (

    select * from {{ ref('reporting_obligations') }}

),

renamed as (

    select
        obligation_code,
        name_vi as obligation_name_vi,
        name_en as obligation_name_en,
        reporter_level,
        cast(province_code as varchar) as province_code,
        applies_to,
        document_type,
        legal_basis,
        cast(confirmed as boolean) as is_confirmed,
        cast(due_month as integer) as due_month,
        cast(due_day as integer) as due_day,
        cast(first_year as integer) as first_year,
        cast(last_year as integer) as last_year,
    from source

)

select * from renamed
