-- What part of the CO2 comes with electricity and heat brought in?
-- 外购电力、热力占排放的多少？
select year, round(sum(scope2_co2_t) / sum(co2_t), 3) as scope2_share
from bi.province_co2
where region_code = '320000' and year >= 2018
group by year
order by year;
