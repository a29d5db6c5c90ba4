-- every figure that a report prints beside what the marts give
select
    report_id, figure_id, section, table_or_figure, entity, year, indicator, published_value,
    published_text, computed_value, computed_text, unit, relative_difference, evidence, status,
    explanation_zh, explanation_en
from quality.reconciliation
order by report_id, figure_id
