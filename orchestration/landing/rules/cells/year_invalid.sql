select cell_id, year_label as detail
from open_cells
where year is null
