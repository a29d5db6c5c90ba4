-- CO2 per product of the parks that returned a year beside that of their province
with latest as (
    select *, false as is_model from indicators.park_latest
    union all by name
    select *, true as is_model from model.park_latest
)

select
    r.province_code, l.park_id, l.year, l.co2_t_per_gdp, l.province_co2_t_per_gdp,
    l.intensity_to_province, l.co2_t, l.co2_band, l.origin, l.is_model
from latest as l
inner join reference.regions as r on l.region_code = r.region_code
where l.co2_t_per_gdp is not null
order by r.province_code, l.co2_t_per_gdp desc, l.park_id
