-- when a park plans to peak, and at what
select
    p.park_id, p.plan_year, p.peak_year, p.peak_co2_t, p.base_year, p.base_co2_t, p.increase_rate,
    p.increase_band, p.peak_period, p.origin, p.is_model
from (
    select *, false as is_model from indicators.park_peak_plans
    union all by name
    select *, true as is_model from model.park_peak_plans
) as p
where p.peak_year is not null
order by p.park_id
