-- The first of several values of one key in a folder of data is kept, in the order of file, row
-- and column; a folder added later supersedes.
with ranked as (
    select
        cell_id,
        row_number() over (same_key order by file_name, row_number, column_number, cell_id)
            as copy_number,
        first_value(file_name || ' row ' || row_number) over (
            same_key order by file_name, row_number, column_number, cell_id
        ) as kept_at
    from open_cells
    window same_key as (
        partition by
            root_rank, dataset, vintage, region_code, year, item_label, fuel_code, indicator
    )
)

select cell_id, kept_at as detail
from ranked
where copy_number > 1
