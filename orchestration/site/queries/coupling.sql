-- how far the resources of parks keep step, in the last year
select
    r.province_code, c.coupling_set, c.park_id, c.year, c.structure, c.development_index,
    c.coupling_degree, c.coordination_degree, c.coupling_state, c.resource_peer_count,
    c.refused_resource, c.refusal, c.clause_status, c.origin, c.is_model
from (
    select *, false as is_model from indicators.park_coupling
    union all by name
    select *, true as is_model from model.park_coupling
) as c
inner join (
    select park_id, region_code from reference.parks
    union all
    select park_id, region_code from model.parks
) as p on c.park_id = p.park_id
inner join reference.regions as r on p.region_code = r.region_code
qualify c.year = max(c.year) over (partition by r.province_code, c.coupling_set)
order by
    r.province_code, c.coupling_set, c.coordination_degree desc nulls last, c.park_id
