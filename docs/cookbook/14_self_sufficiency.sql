-- How much of its energy does the province produce?
-- 能源自给率是多少？
select
    year,
    round(self_sufficiency_rate, 3) as self_sufficiency,
    round(total_consumption_tce / 1e6, 1) as energy_mtce
from indicators.province_balance_total
where region_code = '320000'
order by year;
