-- The error values of a spreadsheet, in the languages offices use.
select cell_id, value_text as detail
from open_cells
where regexp_full_match(upper(value_text), '#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|#+)')
