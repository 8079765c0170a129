{{ config(
    materialized='table_function',
    parameters=['known_on'],
    contract={'enforced': false},
    persist_docs={'relation': false, 'columns': false},
) }}

{{ yearly_rows_known(
    observation_filter='cast(known_from as date) <= cast(known_on as date)',
    target_filter='cast(known_from as date) <= cast(known_on as date)',
) }}
