-- whether CO2 of the province has peaked
select
    p.region_code as province_code, p.indicator, p.method, p.year_from, p.year_to, p.peak_value_year,
    p.peak_value_t, p.trend, p.p_value, p.status, p.has_series_break, p.origin, p.is_model
from (
    select *, false as is_model from indicators.peak_status
    union all by name
    select *, true as is_model from model.peak_status
) as p
inner join reference.regions as r on p.entity = r.region_code and r.level = 'province'
where p.entity_type = 'region'
order by province_code, p.indicator, p.method
