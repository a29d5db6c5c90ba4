-- what parts a park from the bounds of a zero-carbon park, item by item
select
    g.park_id, g.year, g.method, g.gap_item_class, g.gap_item, g.item_value, g.bound_comparison,
    g.bound_value, g.gap_value, g.gap_co2_t, g.gap_result, g.gap_reason, g.item_coverage,
    g.pass_probability, g.clause_status, g.origin, g.is_model
from (
    select *, false as is_model from indicators.zero_carbon_gap
    union all by name
    select *, true as is_model from model.zero_carbon_gap
) as g
qualify g.year = max(g.year) over (partition by g.park_id, g.method)
order by g.park_id, g.method, g.gap_item_class, g.gap_item
