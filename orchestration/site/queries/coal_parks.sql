-- how coal of the parks changed over the years they returned
select
    r.province_code, c.park_id, c.year_from, c.year_to, c.first_coal_t, c.last_coal_t,
    c.change_rate, c.class, c.coal_share_of_energy, c.origin, c.is_model
from (
    select *, false as is_model from indicators.park_coal_change
    union all by name
    select *, true as is_model from model.park_coal_change
) as c
inner join (
    select park_id, region_code from reference.parks
    union all
    select park_id, region_code from model.parks
) as p on c.park_id = p.park_id
inner join reference.regions as r on p.region_code = r.region_code
order by r.province_code, c.change_rate nulls last, c.park_id
