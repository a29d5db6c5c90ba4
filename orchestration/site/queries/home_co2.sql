-- CO2 of each province by method, in the last year that most methods have
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
)

select
    a.region_code as province_code, a.year, a.method, a.co2_t, a.coal_t, a.energy_tce,
    a.co2_t_per_gdp, a.origin, a.is_model
from accounts as a
inner join years as y on a.region_code = y.region_code and a.year = y.year
where a.co2_t is not null
order by province_code, a.co2_t desc, a.method
