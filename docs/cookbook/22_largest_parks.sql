-- Which sample parks emit most?
-- 哪些样本园区排放最多？
select park_name_zh, round(co2_t / 1e4) as co2_10k_t, co2_band_name_en, is_model
from bi.park_year_with_model
where year = 2020
order by co2_t desc
limit 5;
