with

source as (

    select * from {{ ref('progress_rules') }}

),

renamed as (

    select
        cast(rule_version as varchar) as rule_version,
        parameter,
        cast(value as varchar) as parameter_value,
        description,
    from source

)

select * from renamed
