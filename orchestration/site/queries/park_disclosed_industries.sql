-- energy of a park by industry in its last year, as far as it may be published
with cells as (
    select *, false as is_model from indicators.park_disclosed_industry_year
    union all by name
    select *, true as is_model from model.park_disclosed_industry_year
)

select
    c.park_id, c.year, c.industry_code, c.contributor_count, c.energy_tce, c.value_status, c.origin,
    c.is_model
from cells as c
where c.year = (select max(l.year) from cells as l where l.park_id = c.park_id)
order by c.park_id, c.energy_tce desc nulls last, c.industry_code
