select cell_id, value_text as detail
from open_cells
where value_text like '=%'
