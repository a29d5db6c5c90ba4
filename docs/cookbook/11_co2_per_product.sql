-- How does CO2 per product fall, and where is no rate given?
-- 单位生产总值排放如何下降？哪一年不给变化率？
select
    year,
    round(co2_t_per_gdp, 3) as co2_t_per_10k_cny,
    round(co2_t_per_gdp_change_rate, 3) as change_rate,
    co2_change_refusal_name_en as refusal
from bi.province_year
where region_code = '320000' and co2_t_per_gdp is not null
order by year;
