with

empty_cells as (

    select * from {{ ref('int_empty_cell') }}

),

units as (

    select * from {{ ref('int_admin_unit') }}

)

select
    empty_cells.statement_id,
    empty_cells.document_id,
    empty_cells.admin_unit_key,
    units.admin_unit_code,
    units.level,
    empty_cells.indicator_code,
    empty_cells.year,
    empty_cells.kind,
    empty_cells.obs_status,
    empty_cells.reason_code,
    empty_cells.published_on,
    empty_cells.known_from,
    empty_cells.withdrawn_at,
    empty_cells.quote,
    empty_cells.page,
    empty_cells.table_no,
    empty_cells.table_row,
    empty_cells.table_column,
from empty_cells
inner join units on empty_cells.admin_unit_key = units.admin_unit_key
order by empty_cells.admin_unit_key, empty_cells.indicator_code, empty_cells.year, empty_cells.statement_id
