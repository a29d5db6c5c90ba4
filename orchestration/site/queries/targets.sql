-- every target of the province and its cities, and whether it is met, in the unit of its indicator
with targets as (
    select *, false as is_model from indicators.target_status
    union all by name
    select *, true as is_model from model.target_status
),

-- an intensity is the quantity for each 10^4 CNY of the activity
units as (
    select indicator, min(quantity_unit) || if(count(activity) > 0, '_per_10k_cny', '') as unit
    from (
        select indicator, quantity_unit, activity from indicators.target_indicators
        union all
        select indicator, quantity_unit, activity from model.target_indicators
    )
    group by indicator
)

select
    r.province_code, t.region_code, t.plan_id, t.indicator, t.base_year, t.target_year,
    t.limit_value, t.last_year, t.last_value, t.projected_value, u.unit, t.alert, t.reason,
    t.provenance, t.source_id, t.is_model
from targets as t
inner join reference.regions as r on t.region_code = r.region_code
left join units as u on t.indicator = u.indicator
order by r.province_code, t.region_code, t.target_year, t.plan_id
