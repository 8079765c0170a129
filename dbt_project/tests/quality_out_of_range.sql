-- No figure lies outside the range of its indicator.
{{ config(severity='warn') }}

select * from {{ ref('mart_quality_issue') }} where check_code = 'out_of_range'
