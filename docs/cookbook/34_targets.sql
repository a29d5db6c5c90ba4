-- Why do most targets give no alert?
-- 为什么多数目标不给预警？
select alert_name_en, reason_name_zh, reason_name_en, count(*) as targets
from bi.target_status
group by all
order by targets desc, reason_name_en;
