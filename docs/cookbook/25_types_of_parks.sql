-- What types of parks are there in the sample?
-- 样本园区有哪些类型？
select structure, energy_mix, count(*) as parks
from model.park_types
where year = 2020
group by all
order by all;
