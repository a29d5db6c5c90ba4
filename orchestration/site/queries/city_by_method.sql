-- CO2 of a city by year and method
select
    y.region_code as city_code, y.year, y.method, y.co2_t, y.industrial_co2_t, y.coal_t,
    y.energy_tce, y.gdp_10k_cny, y.co2_t_per_gdp, y.origin, y.is_model
from (
    select *, false as is_model from indicators.city_year_by_method
    union all by name
    select *, true as is_model from model.city_year_by_method
) as y
order by city_code, y.method, y.year
