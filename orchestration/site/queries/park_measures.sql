-- measures that a park takes
select
    m.park_id, m.measure, m.name_zh, m.name_en, m.year, m.answer, m.detail, m.origin, m.is_model
from (
    select *, false as is_model from indicators.park_measures
    union all by name
    select *, true as is_model from model.park_measures
) as m
where m.answer = 'yes'
order by m.park_id, m.measure, m.year
