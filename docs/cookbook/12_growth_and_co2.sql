-- Did CO2 grow slower than the economy?
-- 碳排放增长是否慢于经济增长？
select period, round(elasticity, 2) as elasticity, state, refusal
from indicators.decoupling
where
    entity = '320000'
    and identity = 'territory'
    and method = 'ceads_without_recovered_gas'
    and period in ('2015-2020', '2016-2020', '2017-2020')
order by period;
