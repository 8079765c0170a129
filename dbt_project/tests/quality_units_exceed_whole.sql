-- The counts of the units below a unit add up to at most its own, up to the tolerance of counts.
{{ config(severity='warn') }}

select * from {{ ref('mart_quality_issue') }} where check_code = 'units_exceed_whole'
