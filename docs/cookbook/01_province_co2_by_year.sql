-- How much CO2 does a province emit, year by year?
-- 一个省逐年排放多少二氧化碳？
select region_name_en, year, round(co2_t / 1e6, 1) as co2_mt, default_method
from bi.province_year
where region_code = '320000' and co2_t is not null
order by year;
