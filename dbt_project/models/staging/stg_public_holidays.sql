with

source as (

    select * from {{ ref('public_holidays') }}

),

renamed as (

    select
        name_vi as holiday_name_vi,
        cast(confirmed as boolean) as is_confirmed,
        cast(holiday_on as date) as holiday_on,
    from source

)

select * from renamed
