-- A label that stands in no alias table; the nearest known ones help to see a misprint.
{% set concepts = [
    ('region', '地区', 'region_label', 'region_code'),
    ('item', '项目', 'item_label', 'item_code'),
    ('fuel', '能源品种', 'fuel_label', 'fuel_code'),
    ('indicator', '指标', 'indicator_label', 'indicator'),
] %}
{% set when %}
{% for concept, concept_zh, label, code in concepts %}
({{ label }} is not null and {{ code }} is null){{ '' if loop.last else ' or ' }}
{% endfor %}
{% endset %}
{% macro said(nearest, language) %}
case
{% for concept, concept_zh, label, code in concepts %}
    when {{ label }} is not null and {{ code }} is null
        then '{{ concept_zh if language == 'zh' else concept }} ' || {{ label }}
            || coalesce('{{ nearest }}' || nearest_known('{{ concept }}', {{ label }}), '')
{% endfor %}
end
{% endmacro %}
{% set detail = said('; nearest known: ', 'en') %}
{% set detail_zh = said('；最接近的已知标签：', 'zh') %}
