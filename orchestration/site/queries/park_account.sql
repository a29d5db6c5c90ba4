-- the carbon account of a park by its methods, in each method's own view of electricity
select
    a.park_id, a.year, a.method, a.electricity_view, a.net_co2_t, a.net_co2e_t, a.core_co2_t_per_tce,
    a.assumed_line_count, a.uncounted_line_count, a.refusal, a.origin, a.is_model
from (
    select *, false as is_model from emissions.park_carbon_account
    union all by name
    select *, true as is_model from model.park_carbon_account
) as a
where a.is_own_view
order by a.park_id, a.method, a.year
