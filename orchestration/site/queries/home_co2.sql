-- CO2 of each province by method, in the last year that most methods have, with the lowest, the highest and the default
with accounts as (
    select *, false as is_model from indicators.province_year_by_method
    union all by name
    select *, true as is_model from model.province_year_by_method
),

years as (
    select region_code, year, count(*) as methods
    from accounts
    where co2_t is not null
    group by region_code, year
    qualify row_number() over (partition by region_code order by methods desc, year desc) = 1
),

chosen as (
    select a.*, y.methods, m.method as default_method
    from accounts as a
    inner join years as y on a.region_code = y.region_code and a.year = y.year
    left join reference.methods as m on a.method = m.method and m.is_default
    where a.co2_t is not null
)

select
    region_code as province_code, year, method, co2_t, coal_t, energy_tce, co2_t_per_gdp, methods,
    min(co2_t) over province as lowest_co2_t, max(co2_t) over province as highest_co2_t,
    max(default_method) over province as default_method,
    max(co2_t) filter (where default_method is not null) over province as default_co2_t,
    row_number() over (province order by co2_t desc, method) = 1 as is_first, origin, is_model
from chosen
window province as (partition by region_code)
order by province_code, co2_t desc, method
