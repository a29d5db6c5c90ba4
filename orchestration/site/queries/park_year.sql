-- CO2 of a park by year and method
select
    y.park_id, y.year, y.method, y.co2_t, y.co2_boundary, y.energy_tce, y.coal_t, y.gdp_10k_cny,
    y.co2_t_per_gdp, y.intensity_to_province, y.origin, y.is_model
from (
    select *, false as is_model from indicators.park_year_by_method
    union all by name
    select *, true as is_model from model.park_year_by_method
) as y
order by y.park_id, y.method, y.year
