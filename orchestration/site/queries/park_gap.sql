-- CO2 per energy of a park against the bound of its class
select
    c.park_id, c.year, c.method, c.energy_basis, c.tce_convention, c.net_co2_t, c.basis_energy_tce,
    c.core_co2_t_per_tce, c.energy_class, c.bound_co2_t_per_tce, c.bound_status, c.ratio_refusal,
    c.clause_id, c.origin, c.is_model
from (
    select *, false as is_model from indicators.park_core_ratio
    union all by name
    select *, true as is_model from model.park_core_ratio
) as c
where c.bound_co2_t_per_tce is not null or c.core_co2_t_per_tce is not null
order by c.park_id, c.method, c.energy_basis, c.year
