-- in how many parks of the panel an industry is a leading one, last year
with led as (
    select *, false as is_model from indicators.park_leading_industries
    union all by name
    select *, true as is_model from model.park_leading_industries
),

parks as (
    select park_id, region_code, is_sample from reference.parks
    union all
    select park_id, region_code, is_sample from model.parks
)

select
    r.province_code, l.year, l.industry_code, count(distinct l.park_id) as park_count,
    bool_or(l.is_model) as is_model
from led as l
inner join reference.methods as m on l.method = m.method and m.is_default
inner join parks as p on l.park_id = p.park_id and p.is_sample
inner join reference.regions as r on p.region_code = r.region_code
where l.is_leading
group by r.province_code, l.year, l.industry_code
qualify l.year = max(l.year) over (partition by r.province_code)
order by r.province_code, park_count desc, l.industry_code
