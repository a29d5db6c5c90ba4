-- How much CO2 does a tonne of raw coal make, by method?
-- 各方法下每吨原煤排放多少？
select method, co2('raw_coal', 1, method, 2020) as co2_t_per_t
from reference.methods
order by method;
