-- A number is one, and a whole one where it has to be. Of months another rule says more.
{% if value.is_number and not (value.column and value.column.type == 'month') %}
{% set when %}
({{ value.is_given }} and not {{ value.is_numeric }})
{% if value.is_whole %}
or {{ value.number }} <> floor({{ value.number }})
{% endif %}
{% endset %}
{% set detail = value.text %}
{% endif %}
