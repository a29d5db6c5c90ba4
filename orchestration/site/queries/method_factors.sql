-- factors of a method for the fuels that make most of its CO2
with burnt as (
    select method, fuel_code, sum(co2_t order by co2_t) as fuel_co2_t
    from (
        select method, fuel_code, co2_t from emissions.province_co2_by_method
        union all by name
        select method, fuel_code, co2_t from model.province_co2_by_method
    )
    where co2_t is not null
    group by method, fuel_code
),

largest as (
    select * from burnt
    qualify row_number() over (partition by method order by fuel_co2_t desc, fuel_code) <= 6
)

select
    b.method, f.fuel_code, f.unit, f.year_from, f.ncv_gj_per_unit, f.carbon_content_tc_per_gj,
    f.oxidation_rate, f.co2_t_per_unit, f.confidence, f.source_id, f.origin
from largest as b
inner join reference.emission_factors as f
    on b.method = f.method and b.fuel_code = f.fuel_code and f.industry_code is null
order by b.method, b.fuel_co2_t desc, f.fuel_code, f.year_from
