-- The same in Chinese: columns with labels and units?
-- 同一张表，列名用中文并带单位？
select 地区, 年份, round("二氧化碳排放量（吨）" / 1e4) as "二氧化碳排放量（万吨）", 默认核算方法
from bi."省级年度"
where 年份 between 2018 and 2022
order by 年份;
