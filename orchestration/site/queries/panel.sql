-- the parks that returned a year, by the default method, last year of each
with latest as (
    select *, false as is_model from indicators.park_latest
    union all by name
    select *, true as is_model from model.park_latest
)

select
    r.province_code, l.park_id, r.prefecture_code as city_code, l.year, l.co2_t, l.co2_rank_in_set,
    l.coal_t, l.energy_tce, l.gdp_10k_cny, l.gdp_rank_in_set, l.co2_t_per_gdp,
    l.intensity_rank_in_set, l.province_co2_t_per_gdp, l.intensity_to_province, l.co2_band,
    l.infrastructure_class, l.intensity_refusal, l.origin, l.is_model
from latest as l
inner join reference.regions as r on l.region_code = r.region_code
where l.co2_t is not null
order by r.province_code, l.co2_t desc, l.park_id
