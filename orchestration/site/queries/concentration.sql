-- how much the largest cities hold of a province, by the default method
select
    r.region_code as province_code, r.year, r.measured,
    max(r.value) filter (where r.statistic = 'cr4') as cr4_share,
    max(r.value) filter (where r.statistic = 'hhi') as hhi,
    max(r.value) filter (where r.statistic = 'hhi_normalised') as hhi_normalised,
    max(r.value) filter (where r.statistic = 'gini') as gini,
    max(r.value) filter (where r.statistic = 'theil') as theil,
    max(r.value) filter (where r.statistic = 'theil_between') as theil_between,
    max(r.value) filter (where r.statistic = 'theil_within') as theil_within,
    r.members, r.origin, r.is_model
from (
    select *, false as is_model from indicators.region_concentration
    union all by name
    select *, true as is_model from model.region_concentration
) as r
inner join reference.methods as m on r.method = m.method and m.is_default
group by r.region_code, r.year, r.measured, r.members, r.origin, r.is_model
order by province_code, r.measured, r.year
