-- How many sample parks emit less per product than the province?
-- 多少样本园区单位产值排放低于全省？
select count(*) as parks, count(*) filter (intensity_to_province < 1) as below_province
from model.park_latest;
