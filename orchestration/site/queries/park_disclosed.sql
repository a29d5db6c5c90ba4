-- energy and CO2 of a park by year, as far as they may be published
select
    d.park_id, d.year, d.contributor_count, d.energy_tce, d.value_status, d.co2_t,
    d.co2_value_status, d.default_method, d.origin, d.is_model
from (
    select *, false as is_model from indicators.park_disclosed_year
    union all by name
    select *, true as is_model from model.park_disclosed_year
) as d
order by d.park_id, d.year
