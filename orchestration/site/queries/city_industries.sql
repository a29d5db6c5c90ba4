-- industries of a province or city in its last year, by the default method
with listed as (
    select *, false as is_model from indicators.city_key_industries
    union all by name
    select *, true as is_model from model.city_key_industries
)

select
    l.region_code, r.province_code, r.prefecture_code as city_code, l.year, l.industry_code,
    l.end_use_co2_t, l.direct_co2_t, l.purchased_co2_t, l.coal_t, l.co2_share, l.cumulative_share,
    l.location_quotient, l.rank, l.key_status, l.rule, l.origin, l.is_model
from listed as l
inner join reference.methods as m on l.method = m.method and m.is_default
inner join reference.regions as r on l.region_code = r.region_code
where l.end_use_co2_t is not null
qualify l.year = max(l.year) over (partition by l.region_code)
order by l.region_code, l.end_use_co2_t desc, l.industry_code
