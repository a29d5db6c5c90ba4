-- provinces that have accounts, or whose cities or parks do; those that a report is about come first
with found as (
    select region_code as province_code, false as is_model from indicators.province_year
    union all
    select region_code, true from model.province_year
    union all
    select r.province_code, true
    from model.city_year as y
    inner join reference.regions as r on y.region_code = r.region_code
    union all
    select r.province_code, false
    from indicators.city_year as y
    inner join reference.regions as r on y.region_code = r.region_code
)

select province_code, bool_and(is_model) as is_model
from found
group by province_code
order by
    province_code in (select region_code from reference.reports) desc,
    province_code
