-- Which returned cells is the zero-carbon gap of a park made of?
-- 园区的零碳差距由哪些填报单元格得出？
select score_part, round(part_value, 3) as part_value, part_result, column_name, value_text,
    file_name, row_number
from explain_score('zero_carbon_gap', 'P01', 2020)
where file_name is not null and score_part <> 'core_ratio'
order by score_part, column_name;
