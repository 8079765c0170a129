with

source as (

    select * from {{ ref('target_rules') }}

),

renamed as (

    select
        rule_code,
        rule as target_rule,
        indicator_code,
        unit,
        level,
        admin_unit_key,
        document_number,
        note,
        cast(confirmed as boolean) as is_confirmed,
        cast(first_year as integer) as first_year,
        cast(last_year as integer) as last_year,
    from source

)

select * from renamed
