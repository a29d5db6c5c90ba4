-- cities that have accounts
select y.region_code as city_code, r.province_code, bool_or(y.is_model) as is_model
from (
    select region_code, false as is_model from indicators.city_year
    union all
    select region_code, true from model.city_year
) as y
inner join reference.regions as r on y.region_code = r.region_code
group by y.region_code, r.province_code
order by city_code
