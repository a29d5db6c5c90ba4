-- Which measures do most sample parks take?
-- 样本园区最常用的措施？
select name_zh, name_en, count(*) as parks
from model.park_measures
where answer = 'yes'
group by name_zh, name_en
order by parks desc, name_en
limit 5;
