-- The account of a park by a method of fuel factors, from quality.explain: its cells, what was done
-- (activities), what that emitted (lines), what it was multiplied by (factors). Three years, for the
-- changes. An activity has one number, whatever gases and views it has lines of.
create or replace temp table explained as
select
    explain.*,
    cells.flow,
    cells.origin as cell_origin
from quality.explain
left join quality.return_lineage as cells
    on
        explain.file_name = cells.file_name
        and coalesce(explain.sheet_name, '') = coalesce(cells.sheet_name, '')
        and explain.row_number = cells.row_number
        and explain.column_name = cells.column_name
        and explain.park_id = cells.park_id
        and explain.year = cells.year
where
    explain.park_id = $park_id
    and explain.method = $method
    and explain.year between $year - 2 and $year;

create or replace temp view account_enterprises as
select distinct enterprise_id from explained;
