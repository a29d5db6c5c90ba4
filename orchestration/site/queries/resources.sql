-- land, water, energy, carbon and air pollutants of parks, in the last year
select
    i.province_code, i.resource, i.park_id, i.year, i.structure, i.quantity, i.unit,
    i.quantity_per_industrial_va, i.quantity_by_industrial_land, i.share_of_best,
    i.best_resource_park_id, i.resource_peer_count, i.refusal, i.origin, i.is_model
from (
    select *, false as is_model from indicators.resource_intensity
    union all by name
    select *, true as is_model from model.resource_intensity
) as i
qualify i.year = max(i.year) over (partition by i.province_code)
order by i.province_code, i.resource, i.share_of_best desc nulls last, i.park_id
