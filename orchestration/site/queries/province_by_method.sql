-- CO2, coal and energy of a province by year and method
select
    y.region_code as province_code, y.year, y.method, y.co2_t, y.co2e_t, y.industrial_co2_t,
    y.coal_co2_t, y.coal_t, y.energy_tce, y.co2_t_per_gdp, y.grid_factor_year, y.origin, y.is_model
from (
    select *, false as is_model from indicators.province_year_by_method
    union all by name
    select *, true as is_model from model.province_year_by_method
) as y
order by province_code, y.method, y.year
