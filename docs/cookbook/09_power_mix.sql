-- How is electricity generated?
-- 发电结构如何？
select
    year,
    round(generation_thermal_mwh / generation_total_mwh, 3) as thermal_share,
    round(non_fossil_generation_share, 3) as non_fossil_share
from bi.province_electricity
where region_code = '320000' and year >= 2014
order by year;
