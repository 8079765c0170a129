{{ config(
    materialized='table_function',
    parameters=['known_on'],
    contract={'enforced': false},
    persist_docs={'relation': false, 'columns': false},
) }}

{% set published = 'published_on <= cast(known_on as date) and withdrawn_at is null' %}

{{ yearly_rows_known(observation_filter=published, target_filter=published) }}
