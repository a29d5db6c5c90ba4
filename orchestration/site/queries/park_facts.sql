-- what a park is
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
    p.park_id, p.region_code, p.level, p.park_type, p.established_year, p.approved_area_ha,
    l.year, l.co2_t, l.energy_tce, l.energy_boundary, l.coal_t, l.gdp_10k_cny, l.co2_t_per_gdp,
    l.intensity_to_province, l.co2_rank_in_set, l.infrastructure_class, l.top10_enterprise_share,
    l.refusal, p.origin, p.is_model
from parks as p
left join latest as l on p.park_id = l.park_id
order by p.park_id
