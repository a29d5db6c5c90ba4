-- key parks of a province, and why each is one
select
    r.province_code, k.park_id, k.city_code, k.industry_code, k.reason, k.rule, k.year, k.city_rank,
    k.city_cumulative_share, k.location_quotient, k.province_rank, k.city_data_status, k.origin,
    k.is_model
from (
    select *, false as is_model from indicators.key_parks
    union all by name
    select *, true as is_model from model.key_parks
) as k
inner join reference.regions as r on k.region_code = r.region_code
order by r.province_code, k.city_code, k.park_id, k.industry_code
