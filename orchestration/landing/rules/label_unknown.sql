-- A label that stands in no alias table; the nearest known ones help to see a misprint.
{% set concepts = [
    ('region', 'region_label', 'region_code'),
    ('item', 'item_label', 'item_code'),
    ('fuel', 'fuel_label', 'fuel_code'),
    ('indicator', 'indicator_label', 'indicator'),
] %}
{% set when %}
{% for concept, label, code in concepts %}
({{ label }} is not null and {{ code }} is null){{ '' if loop.last else ' or ' }}
{% endfor %}
{% endset %}
{% macro said(nearest) %}
case
{% for concept, label, code in concepts %}
    when {{ label }} is not null and {{ code }} is null
        then '{{ concept }} ' || {{ label }}
            || coalesce('{{ nearest }}' || nearest_known('{{ concept }}', {{ label }}), '')
{% endfor %}
end
{% endmacro %}
{% set detail = said('; nearest known: ') %}
{% set detail_zh = said('；最接近的已知标签：') %}
