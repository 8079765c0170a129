with

source as (

    select * from {{ ref('dii_criteria') }}

),

renamed as (

    select
        decision as decision_number,
        cast(criterion as varchar) as criterion_code,
        cast(group_code as varchar) as group_code,
        name_vi as criterion_name_vi,
        name_en as criterion_name_en,
        unit,
        indicator_code,
        fallback_indicator_code,
        scoring_rule,
        cast(max_points as double) as max_points,
        cast(reference_value as double) as reference_value,
        cast(confirmed as boolean) as is_confirmed,
    from source

)

select * from renamed
