-- Counted parts (sub-rows of a total) add up to at most the total of the same cell.
{{ config(severity='warn') }}

select * from {{ ref('mart_quality_issue') }} where check_code = 'parts_exceed_whole'
