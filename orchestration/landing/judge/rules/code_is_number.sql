-- A code that a spreadsheet made a number of: 9.132E+17, 7.0.
{% if value.column.type == 'text' and not value.code_list and (
    value.column.is_key or value.name.endswith(('_id', '_code'))
) %}
{% set when %}
regexp_full_match({{ value.text }}, '[0-9]+(\.[0-9]+)?[eE]\+[0-9]+|[0-9]+\.0+')
{% endset %}
{% set detail = value.text %}
{% endif %}
