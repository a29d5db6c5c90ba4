-- types of the parks that returned a year, last year
select
    r.province_code, t.park_id, t.year, t.structure, t.energy_mix, t.two_high_output_share,
    t.coal_coke_share, t.electricity_heat_share, t.cluster, t.medoid_park_id, t.silhouette,
    t.origin, t.is_model
from (
    select *, false as is_model from indicators.park_types
    union all by name
    select *, true as is_model from model.park_types
) as t
inner join (
    select park_id, region_code from reference.parks
    union all
    select park_id, region_code from model.parks
) as p on t.park_id = p.park_id
inner join reference.regions as r on p.region_code = r.region_code
qualify t.year = max(t.year) over (partition by r.province_code)
order by r.province_code, t.structure, t.energy_mix, t.park_id
