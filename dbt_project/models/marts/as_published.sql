{{ config(
    materialized='table_function',
    parameters=['known_on'],
    contract={'enforced': false},
    persist_docs={'relation': false, 'columns': false},
) }}

{{ yearly_rows_known(
    observation_filter='published_on <= cast(known_on as date)',
    target_filter='published_on <= cast(known_on as date)',
) }}
