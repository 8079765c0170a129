with

source as (

    select * from {{ ref('published_dii_scores') }}

),

renamed as (

    select
        cast(score_id as varchar) as score_id,
        decision as decision_number,
        {{ admin_unit_key('admin_unit_code', 'admin_unit_valid_from') }} as admin_unit_key,
        cast(criterion as varchar) as criterion_code,
        document_number,
        document_title,
        source_url,
        note,
        cast(points as double) as points,
        cast(confirmed as boolean) as is_confirmed,
        cast(round as integer) as score_round,
        cast(year as integer) as year,
        cast(published_on as date) as published_on,
    from source

)

select * from renamed
