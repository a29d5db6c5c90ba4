-- A code that is not in the list its column takes its values from.
{% if value.code_list %}
{% set codes %}'{{ value.codes | join("', '") }}'{% endset %}
{% set when %}{{ value.text }} not in ({{ codes }}){% endset %}
{% set asked %}'{{ value.code_list }}', {{ value.text }}{% endset %}
{% set detail %}
{{ value.text }} || coalesce('; nearest known: ' || nearest_code({{ asked }}, false), '')
{% endset %}
{% set detail_zh %}
{{ value.text }} || coalesce('；最接近的已知代码：' || nearest_code({{ asked }}, true), '')
{% endset %}
{% endif %}
