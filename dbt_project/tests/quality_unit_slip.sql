-- No figure per 100 people is printed with a percent sign.
{{ config(severity='warn') }}

select * from {{ ref('mart_quality_issue') }} where check_code = 'unit_slip'
