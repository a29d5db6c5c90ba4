-- How many printed figures are reproduced, and what is that worth?
-- 报告数字重现了多少，证据如何？
select evidence_name_en, status_name_en, count(*) as figures
from bi.reconciliation
where evidence in ('predicted', 'calibrated')
group by all
order by all;
