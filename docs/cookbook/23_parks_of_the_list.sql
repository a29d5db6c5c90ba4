-- How many parks does the list have, and how many returned data?
-- 名单上有多少园区，多少有数据？
select level_name_en, count(*) as parks, count(co2_t) as with_co2
from bi.park_latest
group by level_name_en
order by level_name_en;
