{{ config(
    materialized='table_function',
    parameters=['known_on'],
    contract={'enforced': false},
    persist_docs={'relation': false, 'columns': false},
) }}

{# A document counts until the day before its file was withdrawn. #}
{% set known %}
    cast(known_from as date) <= cast(known_on as date)
    and (withdrawn_at is null or cast(withdrawn_at as date) > cast(known_on as date))
{% endset %}

{{ yearly_rows_known(observation_filter=known, target_filter=known) }}
