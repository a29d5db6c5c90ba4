-- rows that were refused
select dataset, file_name, row_number, column_name, raw_value, rule, message, message_zh
from quality.quarantine
order by all
limit 200
