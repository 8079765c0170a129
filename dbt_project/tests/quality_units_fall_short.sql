-- Where every unit below has reported, their counts add up to the whole.
{{ config(severity='warn') }}

select * from {{ ref('mart_quality_issue') }} where check_code = 'units_fall_short'
