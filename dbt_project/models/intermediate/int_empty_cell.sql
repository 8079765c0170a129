{# What an empty cell of a table means, by the reason it was rejected for. #}
{% set statuses = {'blank_cell': 'O', 'dash_cell': 'M', 'no_data_cell': 'L'} %}

with

empty_statements as (

    select
        statements.statement_id,
        statements.document_id,
        statements.table_no,
        statements.table_row,
        statements.table_column,
        statements.kind,
        statements.year,
        statements.quote,
        statements.page,
        rejects.reason_code,
    from {{ ref('stg_statements') }} as statements
    inner join {{ ref('stg_rejects') }} as rejects on statements.statement_id = rejects.statement_id
    where rejects.reason_code in ('{{ statuses | join("', '") }}')
        and statements.kind in ('actual', 'estimate', 'baseline')
        and statements.year is not null

),

{# An empty cell is not matched itself: the figures of its row and of its column say what it would have been. #}
neighbours as (

    select
        facts.document_id,
        facts.table_no,
        facts.table_row,
        facts.table_column,
        facts.indicator_code,
        facts.admin_unit_key,
    from {{ ref('stg_facts') }} as facts
    semi join empty_statements
        on facts.document_id = empty_statements.document_id
        and facts.table_no = empty_statements.table_no
    where facts.segment is null or facts.segment_type = 'parent_row'

),

{% for line in ['row', 'column'] %}
of_{{ line }} as (

    select
        document_id,
        table_no,
        table_{{ line }},
        if(count(distinct indicator_code) = 1, min(indicator_code), null) as indicator_code,
        if(count(distinct admin_unit_key) = 1, min(admin_unit_key), null) as admin_unit_key,
    from neighbours
    group by document_id, table_no, table_{{ line }}

),

{% endfor %}
named as (

    select
        empty_statements.*,
        coalesce(of_row.indicator_code, of_column.indicator_code) as indicator_code,
        coalesce(of_row.admin_unit_key, of_column.admin_unit_key) as admin_unit_key,
    from empty_statements
    left join of_row
        on empty_statements.document_id = of_row.document_id
        and empty_statements.table_no = of_row.table_no
        and empty_statements.table_row = of_row.table_row
    left join of_column
        on empty_statements.document_id = of_column.document_id
        and empty_statements.table_no = of_column.table_no
        and empty_statements.table_column = of_column.table_column

)

select
    named.statement_id,
    named.document_id,
    named.admin_unit_key,
    named.indicator_code,
    named.year,
    named.kind,
    named.reason_code,
    case named.reason_code
        {% for reason, status in statuses.items() %}
        when '{{ reason }}' then '{{ status }}'
        {% endfor %}
    end as obs_status,
    documents.issued_on as published_on,
    documents.received_at as known_from,
    documents.withdrawn_at,
    named.quote,
    named.page,
    named.table_no,
    named.table_row,
    named.table_column,
from named
inner join {{ ref('stg_documents') }} as documents on named.document_id = documents.document_id
where named.indicator_code is not null
    and named.admin_unit_key is not null
