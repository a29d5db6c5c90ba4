-- What do the scenarios say of industry in 2030?
-- 情景对2030年工业排放的估计？
select
    scenario_name_en,
    year,
    round(direct_and_purchased_co2_t / 1e6) as co2_mt,
    round(co2_low_t / 1e6) as low_mt,
    round(co2_high_t / 1e6) as high_mt
from (from bi.province_baseline union all from bi.province_low_carbon)
where region_code = '320000' and year = 2030
order by scenario_name_en;
