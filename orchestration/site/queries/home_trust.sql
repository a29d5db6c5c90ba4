-- what agreement with the printed figures is worth, by report
select
    report_id,
    coalesce(evidence, 'none') as evidence,
    status,
    count(*) as figure_count
from quality.reconciliation
group by report_id, evidence, status
order by
    report_id,
    case evidence when 'predicted' then 1 when 'bound' then 2 when 'calibrated' then 3 else 4 end,
    evidence, status
