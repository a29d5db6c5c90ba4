-- when the parks plan to peak
select
    r.province_code, p.peak_year, p.increase_band, count(*) as park_count, bool_or(p.is_model) as is_model
from (
    select park_id, peak_year, increase_band, false as is_model from indicators.park_peak_plans
    union all by name
    select park_id, peak_year, increase_band, true as is_model from model.park_peak_plans
) as p
inner join (
    select park_id, region_code from reference.parks
    union all
    select park_id, region_code from model.parks
) as k on p.park_id = k.park_id
inner join reference.regions as r on k.region_code = r.region_code
left join reference.class_bands as b
    on p.increase_band = b.band and b.band_set = 'peak_increase_rate'
where p.peak_year is not null
group by r.province_code, p.peak_year, p.increase_band
order by r.province_code, p.peak_year, min(b.sort)
