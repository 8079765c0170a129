-- No observation falls on a unit that had ended before the year, such as the earlier owner of a reused code.
{{ config(severity='warn') }}

select * from {{ ref('mart_quality_issue') }} where check_code = 'unit_no_longer_existed'
