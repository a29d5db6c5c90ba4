-- how far the model of a city may be off
select
    region_code as city_code, year, indicator, modelled_value, lowest_value, highest_value,
    relative_half_range, unit, origin, true as is_model
from quality.model_uncertainty
order by city_code, indicator, year
