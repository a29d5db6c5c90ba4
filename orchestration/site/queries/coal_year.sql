-- coal of a province and of its industry by the default method
select
    y.region_code as province_code, y.year, y.coal_t, y.industrial_coal_t, y.industrial_coal_share,
    y.coal_co2_t, y.coal_co2_share, y.industrial_coal_t_per_industrial_va, y.coal_t_change_rate,
    y.coal_origin, y.is_model
from (
    select *, false as is_model from indicators.province_year
    union all by name
    select *, true as is_model from model.province_year
) as y
where y.coal_t is not null
order by province_code, y.year
