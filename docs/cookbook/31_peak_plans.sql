-- When do the sample parks plan to peak?
-- 样本园区计划何时达峰？
select class, park_count, round(park_share, 2) as park_share
from model.park_peak_plan_counts
where classed_by = 'peak_period'
order by class;
