-- growth of activity and of CO2 over each period, with the state that follows
select
    d.region_code as province_code, d.identity, d.period, d.activity_change_rate, d.co2_change_rate,
    d.elasticity, d.state, d.price_basis, d.refusal, d.origin, d.is_model
from (
    select *, false as is_model from indicators.decoupling
    union all by name
    select *, true as is_model from model.decoupling
) as d
inner join reference.methods as m on d.method = m.method and m.is_default
inner join reference.regions as r on d.entity = r.region_code and r.level = 'province'
where d.entity_type = 'region'
order by province_code, d.identity desc, d.year_from, d.year_to
