-- How concentrated is CO2 in few cities, in the model?
-- 模型中排放集中于少数城市的程度？
select year, round(value, 3) as cr4, leaders
from model.region_concentration
where region_code = '320000' and method = 'report_2023' and statistic = 'cr4' and measured = 'co2_t'
order by year;
