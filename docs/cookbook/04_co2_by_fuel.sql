-- Which fuels make most of the CO2?
-- 二氧化碳主要来自哪些能源？
select fuel_name_zh, fuel_name_en, round(sum(co2_t) / 1e6, 1) as co2_mt
from bi.province_co2
where region_code = '320000' and year = 2020
group by all
order by co2_mt desc
limit 6;
