-- What drove the CO2 of the province?
-- 哪些因素推动了全省排放？
select effect, round(value / 1e6, 1) + 0 as effect_mt, round(change / 1e6, 1) as change_mt
from indicators.lmdi_effects
where
    entity = '320000'
    and identity = 'territory'
    and form = 'additive'
    and method = 'ceads_without_recovered_gas'
    and period = '2015-2020'
order by effect;
