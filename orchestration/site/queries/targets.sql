-- every target of the province and its cities, and whether it is met, in the unit of its indicator
with targets as (
    select *, false as is_model from indicators.target_status
    union all by name
    select *, true as is_model from model.target_status
),

units as (
    select column_name, min(unit) as unit
    from reference.data_dictionary
    group by column_name
)

select
    r.province_code, t.region_code, t.plan_id, t.indicator, t.base_year, t.target_year,
    t.limit_value, t.last_year, t.last_value, t.projected_value, u.unit, t.alert, t.reason,
    t.provenance, t.source_id, t.is_model
from targets as t
inner join reference.regions as r on t.region_code = r.region_code
left join units as u on t.indicator = u.column_name
order by r.province_code, t.region_code, t.target_year, t.plan_id
