-- how far apart runs of the model are for CO2 of each city, last year, with bought power and heat and without
select
    r.province_code, u.indicator, u.region_code, u.year, u.modelled_value as modelled_co2_t,
    u.lowest_value as lowest_co2_t, u.highest_value as highest_co2_t, u.relative_half_range,
    u.origin, true as is_model
from quality.model_uncertainty as u
inner join reference.regions as r on u.region_code = r.region_code
where u.indicator in ('report_co2_t', 'territorial_co2_t')
qualify u.year = max(u.year) over (partition by r.province_code)
order by r.province_code, u.indicator, u.modelled_value desc, u.region_code
