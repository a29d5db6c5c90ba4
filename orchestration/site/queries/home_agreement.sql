-- how many figures of a report agree with the computed ones, and of these how many are predicted
with figures as (
    select
        report_id, evidence,
        coalesce(
            status in ('exact', 'equal', 'agrees', 'within_1pct'), false
        ) as is_agreeing
    from quality.reconciliation
)

select
    report_id,
    count(*) as figure_count,
    count(*) filter (where is_agreeing) as agreeing_count,
    count(*) filter (where is_agreeing and evidence = 'predicted') as predicted_count
from figures
group by report_id
order by report_id
