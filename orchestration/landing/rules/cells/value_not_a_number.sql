select cell_id, value_text as detail
from open_cells
where not is_number and (value_status = '' or number_text <> '')
