-- Cumulative coverage does not fall, up to the tolerance of its unit.
{{ config(severity='warn') }}

select * from {{ ref('mart_quality_issue') }} where check_code = 'impossible_fall'
