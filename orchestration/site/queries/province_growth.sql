-- product, CO2 per product and energy of a province by the default method
select
    y.region_code as province_code, y.year, y.gdp_10k_cny, y.industrial_value_added_10k_cny,
    y.price_basis, y.co2_t_per_gdp, y.industrial_co2_t_per_industrial_va, y.gdp_real_growth_rate,
    y.co2_t_change_rate, y.co2_change_refusal, y.origin, y.is_model
from (
    select *, false as is_model from indicators.province_year
    union all by name
    select *, true as is_model from model.province_year
) as y
order by province_code, y.year
