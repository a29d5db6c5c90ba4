select cell_id, value_text as detail
from open_cells
where number < 0 and not may_be_negative
