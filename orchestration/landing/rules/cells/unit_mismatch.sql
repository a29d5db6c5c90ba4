select
    cell_id,
    unit_label || ' is ' || unit || ', ' || fuel_label || ' is kept in ' || fuel_unit as detail
from open_cells
where fuel_unit <> unit
