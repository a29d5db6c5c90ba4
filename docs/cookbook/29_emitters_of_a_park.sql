-- Which enterprises make most of the CO2 of a park?
-- 哪些企业构成园区的主要排放？
select enterprise_id, round(co2_t / 1e4, 1) as co2_10k_t, round(covered_share, 3) as covered_share
from model.key_emitters
where park_id = 'P01' and year = 2020 and method = 'report_2023'
order by rank_in_park
limit 5;
