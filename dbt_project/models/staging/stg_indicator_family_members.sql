with

source as (

    select * from {{ ref('indicator_family_members') }}

),

renamed as (

    select
        indicator_code,
        family_code,
        counts_vi,
        counts_en,
        cast(position as integer) as position,
    from source

)

select * from renamed
