-- Which grid factors does the default method take in East China?
-- 默认方法在华东采用哪些电网因子？
select year, year_from, year_to, co2_t_per_mwh, source_id
from reference.grid_emission_factors
where method = 'report_2023' and grid_name = 'east_china'
order by year_from;
