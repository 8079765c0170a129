with

source as (

    select * from {{ source('raw', 'rejects') }}

),

renamed as (

    select
        reject_id,
        document_id,
        statement_id,
        level as reject_level,
        path,
        reason_code,
        reason,
        quote,
        block_no,
    from source

)

select * from renamed
