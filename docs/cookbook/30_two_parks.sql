-- How do two parks compare?
-- 两个园区相比如何？
select indicator, round(value, 2) + 0 as p01, round(other_value, 2) + 0 as p02, unit, is_model
from compare_parks('P01', 'P02')
where method = 'report_2023' and value is not null
order by sort;
