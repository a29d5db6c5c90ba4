-- one row of each method worked through: quantity times factor
select
    e.method, e.region_code, e.year, e.fuel_code, e.industry_code, e.quantity, e.unit,
    f.co2_t_per_unit, e.co2_t, e.factor_id, e.origin
from (
    select * from emissions.province_co2_by_method
    union all by name
    select * from model.province_co2_by_method
) as e
inner join reference.emission_factors as f on e.factor_id = f.factor_id
where e.co2_t is not null and e.quantity is not null
qualify
    row_number() over (
        partition by e.method
        order by e.year desc, e.co2_t desc, e.region_code, e.fuel_code, e.industry_code
    ) = 1
order by e.method
