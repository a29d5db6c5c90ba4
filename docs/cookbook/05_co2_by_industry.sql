-- Which industries burn most, in a year?
-- 哪些行业直接排放最多？
select industry_name_zh, industry_name_en, round(scope1_co2_t / 1e6, 1) as scope1_co2_mt
from bi.province_industry_share
where region_code = '320000' and year = 2015
order by scope1_co2_t desc nulls last
limit 5;
