-- what the account of a park is made of, in its last year; what is sent out is taken away
-- (not materialized, so that the parts of one park are looked up and not those of all)
with ledger as not materialized (
    select *, false as is_model from emissions.park_carbon_ledger
    union all by name
    select *, true as is_model from model.park_carbon_ledger
),

own as not materialized (
    select
        l.park_id, l.year, l.method, l.entry, l.enterprise_id, l.line_item, l.line_detail, l.gas,
        l.quantity, l.co2e_t, l.is_model
    from ledger as l
    inner join reference.park_methods as m
        on l.method = m.method and coalesce(l.electricity_view, m.own_view) = m.own_view
    where l.is_counted and l.co2e_t is not null
),

last_years as (
    select park_id, method, max(year) as year
    from own
    group by park_id, method
)

select
    park_id, year, method, entry,
    sum(co2e_t order by enterprise_id, line_item, line_detail, gas, quantity) as co2e_t,
    count(*) as line_count, bool_or(is_model) as is_model
from own
inner join last_years using (park_id, method, year)
group by park_id, year, method, entry
order by park_id, method, co2e_t desc, entry
