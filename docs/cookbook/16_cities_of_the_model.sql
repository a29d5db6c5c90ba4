-- Which cities emit most in the model, and are they marked?
-- 模型中哪些市排放最多？是否标明为模型？
select region_name_zh, round(co2_t / 1e6) as co2_mt, is_model
from bi.city_year_with_model
where year = 2020
order by co2_t desc
limit 5;
