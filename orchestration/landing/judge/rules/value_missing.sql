-- A column that every row has to fill in.
{% if value.column.is_required %}
{% set when %}{{ value.text }} is null{% endset %}
{% set detail = "'nothing is given'" %}
{% set detail_zh = "'未填'" %}
{% endif %}
