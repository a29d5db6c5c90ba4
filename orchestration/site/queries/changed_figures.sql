-- figures of the reports that are computed otherwise than in the version before
select
    now.report_id, now.figure_id, now.entity, now.year, now.indicator, now.published_value,
    before.computed_value as value_before, now.computed_value, now.unit,
    before.status as status_before, now.status
from quality.reconciliation as now
full join previous.quality.reconciliation as before
    on now.report_id = before.report_id and now.figure_id = before.figure_id
where
    now.computed_value is distinct from before.computed_value
    or now.status is distinct from before.status
order by all
