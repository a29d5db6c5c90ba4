-- how many figures of a report agree with the computed ones, and of these how many are predicted
select
    report_id,
    count(*) as figure_count,
    count(*) filter (where is_agreeing) as agreeing_count,
    count(*) filter (where is_agreeing and evidence = 'predicted') as predicted_count
from (select *, status in ('exact', 'within_1pct') as is_agreeing from quality.reconciliation)
group by report_id
order by report_id
