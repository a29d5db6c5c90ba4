-- measures that a path of a park may take, the largest cut first
select
    m.park_id, m.method, m.base_year, m.path_measure_kind, m.measure_name, m.cut_entry, m.cut_co2_t,
    m.added_co2_t, m.energy_change_tce, m.annuity_10k_cny, m.yearly_cost_10k_cny, m.lead_years,
    m.measure_basis, m.origin, m.is_model
from (
    select *, false as is_model from indicators.park_path_measures
    union all by name
    select *, true as is_model from model.park_path_measures
) as m
order by m.park_id, m.method, m.cut_co2_t desc, m.path_measure_id
