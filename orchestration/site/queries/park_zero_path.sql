-- the paths that a park plans to the bound of a zero-carbon park
select
    p.park_id, p.method, p.path_id, p.year, p.path_co2_t, p.path_energy_tce, p.path_co2_t_per_tce,
    p.bound_co2_t_per_tce, p.bound_status, p.path_cost_10k_cny, p.measure_count, p.path_fault,
    p.origin, p.is_model
from (
    select *, false as is_model from indicators.park_paths
    union all by name
    select *, true as is_model from model.park_paths
) as p
order by p.park_id, p.method, p.path_id, p.year
