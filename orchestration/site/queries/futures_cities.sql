-- CO2 of the industry of cities by scenario, five years after the base year
select
    r.province_code, s.region_code, s.year, s.scenario, s.direct_and_purchased_co2_t, s.co2_low_t,
    s.co2_high_t, s.origin, s.is_model
from (
    select *, false as is_model from indicators.scenarios
    union all by name
    select *, true as is_model from model.scenarios
) as s
inner join reference.methods as m on s.method = m.method and m.is_default
inner join reference.regions as r on s.region_code = r.region_code and r.level = 'prefecture'
where s.year = s.base_year + 5
order by r.province_code, s.region_code, s.scenario
