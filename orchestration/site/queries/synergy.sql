-- whether air pollution and CO2 of parks fall together, from the first year returned to the last
select
    r.province_code, s.park_id, s.boundary, s.year_from, s.year_to, s.pollutant_count,
    s.equivalents_start, s.equivalents_end, s.pollution_reduction_rate, s.co2_reduction_rate,
    s.cross_elasticity, s.synergy_state, s.refusal, s.clause_status, s.origin, s.is_model
from (
    select *, false as is_model from indicators.pollution_carbon_synergy
    union all by name
    select *, true as is_model from model.pollution_carbon_synergy
) as s
inner join (
    select park_id, region_code from reference.parks
    union all
    select park_id, region_code from model.parks
) as p on s.park_id = p.park_id
inner join reference.regions as r on p.region_code = r.region_code
where s.pollutant = 'air_equivalents'
qualify
    row_number() over (
        partition by s.park_id, s.boundary order by s.year_to - s.year_from desc, s.year_to desc
    ) = 1
order by r.province_code, s.boundary, s.park_id
