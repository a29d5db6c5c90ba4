-- figures of a report that are series of years of the province: printed beside computed
with figures as (
    select
        region_code as province_code, report_id, table_or_figure, figure_id, entity, year,
        coalesce(indicator_id, indicator) as indicator_id, indicator,
        published_value, computed_value, unit, relative_difference, status, evidence,
        explanation_zh, explanation_en
    from quality.reconciliation
    where published_value is not null and year is not null
)

select *
from figures
qualify
    count(distinct year) over (partition by report_id, table_or_figure, entity, indicator) >= 3
    and count(*) over (partition by report_id, table_or_figure) >= 6
order by province_code, report_id, table_or_figure, entity, indicator, year, figure_id
