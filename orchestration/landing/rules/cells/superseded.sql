-- A file of a folder added later has the same key: its value is the one kept.
with ranked as (
    select
        cell_id,
        root_rank,
        max(root_rank) over same_key as top_rank,
        first_value(file_name || ' row ' || row_number) over (
            same_key order by root_rank desc, file_name, row_number, column_number, cell_id
        ) as kept_at
    from open_cells
    window same_key as (
        partition by dataset, vintage, region_code, year, item_label, fuel_code, indicator
    )
)

select cell_id, kept_at as detail
from ranked
where root_rank < top_rank
