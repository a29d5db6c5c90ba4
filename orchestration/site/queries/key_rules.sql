-- the limits by which an industry is a key one; they are the same for every province
select
    p.region_code as province_code, t.threshold_id, t.statement_zh, t.statement_en, t.value, t.unit,
    if(contains(t.threshold_id, '_share'), 'co2_share', t.threshold_id) as shown_as, t.source_id
from reference.threshold_values as t
cross join reference.regions as p
where p.level = 'province' and starts_with(t.threshold_id, 'key_industr')
order by province_code, t.threshold_id
