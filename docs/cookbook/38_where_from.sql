-- Which printed cells and which factor make the CO2 of raw coal?
-- 原煤的排放出自哪些印刷单元格、哪个因子？
select balance_item, value_text, unit_label, co2_t_per_quantity, file_name, row_number
from explain_value('320000', 2020, 'report_2023', fuel := 'raw_coal')
where account = 'territorial'
order by co2_t desc
limit 3;
