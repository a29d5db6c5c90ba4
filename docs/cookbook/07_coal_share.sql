-- How does the share of coal in CO2 move?
-- 煤炭排放占比如何变化？
select
    year,
    round(coal_co2_share, 3) as coal_co2_share,
    round(industrial_coal_share, 3) as industrial_coal_share
from bi.province_year
where region_code = '320000' and co2_t is not null
order by year;
