-- CO2 of the cities of a province by the default method, in the last year that most cities have
with accounts as (
    select *, false as is_model from indicators.city_year
    union all by name
    select *, true as is_model from model.city_year
),

placed as (
    select r.province_code, a.*
    from accounts as a
    inner join reference.regions as r on a.region_code = r.region_code
    where a.co2_t is not null
),

years as (
    select province_code, year, count(*) as cities
    from placed
    group by province_code, year
    qualify row_number() over (partition by province_code order by cities desc, year desc) = 1
)

select
    p.province_code, p.region_code, p.year, p.co2_t, p.industrial_co2_t, p.coal_t, p.energy_tce,
    p.gdp_10k_cny, p.co2_t_per_gdp, p.origin, p.is_model
from placed as p
inner join years as y on p.province_code = y.province_code and p.year = y.year
order by p.province_code, p.co2_t desc, p.region_code
