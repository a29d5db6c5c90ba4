-- CO2 of industry by scenario, with the interval that nine draws of ten lie in
select
    s.region_code as province_code, s.scenario, s.year, s.direct_and_purchased_co2_t, s.co2_median_t,
    s.co2_low_t, s.co2_high_t, s.industrial_energy_tce, s.coal_share, s.origin, s.is_model
from (
    select *, false as is_model from indicators.scenarios
    union all by name
    select *, true as is_model from model.scenarios
) as s
inner join reference.methods as m on s.method = m.method and m.is_default
inner join reference.regions as r on s.region_code = r.region_code and r.level = 'province'
order by province_code, s.scenario, s.year
