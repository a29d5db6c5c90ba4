-- how much the largest cities hold of a province, by the default method
select
    c.region_code as province_code, c.year, c.statistic, c.measured, c.value, c.members, c.origin,
    c.is_model
from (
    select *, false as is_model from indicators.region_concentration
    union all by name
    select *, true as is_model from model.region_concentration
) as c
inner join reference.methods as m on c.method = m.method and m.is_default
order by province_code, c.measured, c.statistic, c.year
