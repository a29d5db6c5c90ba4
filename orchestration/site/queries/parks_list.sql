-- every park of a province
with parks as (
    select *, false as is_model from reference.parks
    union all by name
    select *, true as is_model from model.parks
),

latest as (
    select * from indicators.park_latest
    union all by name
    select * from model.park_latest
)

select
    r.province_code, p.park_id, r.prefecture_code as city_code, p.level, p.park_type, p.is_sample,
    p.is_key, l.year, l.co2_t, l.refusal, p.origin, p.is_model
from parks as p
inner join reference.regions as r on p.region_code = r.region_code
left join latest as l on p.park_id = l.park_id
order by r.province_code, l.co2_t desc nulls last, city_code, p.park_id
