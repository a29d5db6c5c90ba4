-- the parks that returned a year beside each other, by the default method; for two parks alone:
-- from indicators.compare_parks('A', 'B')
with latest as (
    select *, false as is_model from indicators.park_latest
    union all by name
    select *, true as is_model from model.park_latest
)

select
    r.province_code, l.park_id, l.year, l.co2_t, l.coal_t, l.energy_tce, l.gdp_10k_cny,
    l.co2_t_per_gdp, l.energy_tce_per_industrial_va, l.above_size_co2_t_per_tce,
    l.coal_share_of_energy, l.two_high_output_share, l.top10_enterprise_share, l.is_model
from latest as l
inner join reference.regions as r on l.region_code = r.region_code
where l.energy_tce is not null or l.co2_t is not null
order by r.province_code, l.park_id
