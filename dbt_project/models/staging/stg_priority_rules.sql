with

source as (

    select * from {{ ref('priority_rules') }}

),

renamed as (

    select
        rule_code,
        description,
        cast(rule_order as integer) as rule_order,
    from source

)

select * from renamed
