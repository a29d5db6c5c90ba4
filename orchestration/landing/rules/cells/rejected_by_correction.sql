-- A correction says that the printed value is wrong and nothing is known instead.
select cell_id, corrections.correction_id || ': ' || corrections.reason_en as detail
from open_cells
inner join corrections
    on
        corrections.action = 'reject'
        and corrections.state = 'applied'
        and open_cells.file_name = corrections.file_name
        and open_cells.sheet_name = corrections.sheet_name
        and open_cells.row_number = corrections.row_number
        and open_cells.column_number = corrections.column_number
