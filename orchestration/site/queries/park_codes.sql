-- carbon-efficiency codes of parks, last year
select
    r.province_code, c.scheme_id, c.park_id, c.year, c.co2_after_deductions_t_per_industrial_va,
    c.benchmark_co2_t_per_industrial_va, c.efficiency_ratio, c.efficiency_grade, c.colour,
    c.benchmark_group, c.refusal, c.clause_status, c.is_model
from (
    select *, false as is_model from indicators.park_carbon_codes
    union all by name
    select *, true as is_model from model.park_carbon_codes
) as c
inner join (
    select park_id, region_code from reference.parks
    union all
    select park_id, region_code from model.parks
) as p on c.park_id = p.park_id
inner join reference.regions as r on p.region_code = r.region_code
qualify c.year = max(c.year) over (partition by r.province_code, c.scheme_id)
order by r.province_code, c.scheme_id, c.efficiency_ratio nulls last, c.park_id
