-- every park: of the lists and of the model
select p.park_id, r.province_code, p.region_code, p.is_model
from (
    select park_id, region_code, false as is_model from reference.parks
    union all
    select park_id, region_code, true from model.parks
) as p
left join reference.regions as r on p.region_code = r.region_code
order by p.park_id
