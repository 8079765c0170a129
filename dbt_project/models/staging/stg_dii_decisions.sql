with

source as (

    select * from {{ ref('dii_decisions') }}

),

renamed as (

    select
        decision as decision_number,
        title,
        note,
        cast(confirmed as boolean) as is_confirmed,
        cast(first_year as integer) as first_year,
        cast(last_year as integer) as last_year,
        cast(issued_on as date) as issued_on,
    from source

)

select * from renamed
