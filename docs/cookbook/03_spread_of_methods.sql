-- How far apart are the methods, for one year?
-- 同一年各核算方法相差多少？
select
    year,
    round(min(co2_t) / 1e6, 1) as lowest_mt,
    round(max(co2_t) / 1e6, 1) as highest_mt,
    round(max(co2_t) / min(co2_t) - 1, 3) as spread
from indicators.province_year_by_method
where region_code = '320000' and co2_t is not null
group by year
order by year;
