-- what the scenario saves in each city five years after the base year, and by what
select
    r.province_code, p.region_code, p.year, p.scenario, p.reduction_t, p.reduction_rate,
    p.reduction_low_t, p.reduction_high_t, p.efficiency_reduction_t, p.structure_reduction_t,
    p.growth_reduction_t, p.origin, p.is_model
from (
    select *, false as is_model from indicators.scenario_potential
    union all by name
    select *, true as is_model from model.scenario_potential
) as p
inner join reference.methods as m on p.method = m.method and m.is_default
inner join reference.regions as r on p.region_code = r.region_code and r.level = 'prefecture'
where p.year = p.base_year + 5
order by r.province_code, p.reduction_t desc nulls last, p.region_code
