-- A year is four digits. What is no whole number at all is said to be none.
{% if kind == 'matrix' %}
{% set when = 'year is null' %}
{% set detail = 'year_label' %}
{% elif value.column.type == 'year' %}
{% set when %}
{{ value.is_numeric }} and {{ value.number }} = floor({{ value.number }})
and not regexp_full_match({{ value.text }}, '(19|20)\d\d')
{% endset %}
{% set detail = value.text %}
{% endif %}
