-- Above what the catalogue says a column can hold, or a ratio of two that physics or definition
-- bounds.
{% set limits = [] %}
{% if value.column.maximum_threshold_id %}
{% set limit = "threshold('" ~ value.column.maximum_threshold_id ~ "')" %}
{% set _ = limits.append((
    value.number ~ ' > ' ~ limit,
    value.text ~ " || ' is above ' || " ~ limit,
    value.text ~ " || ' 大于 ' || " ~ limit,
)) %}
{% endif %}
{% for row in catalogue('catalog/dataset_ratio_limits.csv') if row.numerator == value.name %}
{% set ratio %}
{{ value.number }} / nullif(try_cast({{ row.denominator }} as double), 0)
{% endset %}
{% set said %}
'{{ row.numerator }} / {{ row.denominator }} is ' || round({{ ratio }}, 4)
{% endset %}
{% set said_zh %}
heading_zh(load_id, '{{ row.numerator }}') || ' / ' || heading_zh(load_id, '{{ row.denominator }}')
    || ' 为 ' || round({{ ratio }}, 4)
{% endset %}
{% for id, sign in [(row.minimum_threshold_id, '<'), (row.maximum_threshold_id, '>')] if id %}
{% set _ = limits.append((
    ratio ~ sign ~ " threshold('" ~ id ~ "') * (1 + 1e-9)",
    said ~ " || ', " ~ row.statement_en ~ " ' || threshold('" ~ id ~ "')",
    said_zh ~ " || '，" ~ row.statement_zh ~ "：' || threshold('" ~ id ~ "')",
)) %}
{% endfor %}
{% endfor %}
{% macro every(place, mark) %}
concat_ws('{{ mark }}'{% for limit in limits %}, case when {{ limit[0] }} then {{ limit[place] }} end{% endfor %})
{% endmacro %}
{% if limits %}
{% set when %}({{ limits | map(attribute=0) | join(') or (') }}){% endset %}
{% set detail = every(1, '; ') %}
{% set detail_zh = every(2, '；') %}
{% endif %}
