-- what agreement with the printed figures is worth, by report
select
    f.report_id,
    coalesce(f.evidence, 'none') as evidence,
    f.status,
    count(*) as figure_count
from quality.reconciliation as f
left join reference.codes as e on e.column_name = 'evidence' and f.evidence = e.code
left join reference.codes as s on s.column_name = 'status' and f.status = s.code
group by f.report_id, f.evidence, f.status, e.sort, s.sort
order by f.report_id, e.sort nulls last, s.sort nulls last, evidence, f.status
