-- A percentage agrees with the fraction it is printed with, up to 0.6 points.
{{ config(severity='warn') }}

select * from {{ ref('mart_quality_issue') }} where check_code = 'fraction_mismatch'
