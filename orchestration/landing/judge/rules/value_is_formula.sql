-- A formula in place of its result. A text may well begin with the sign of one.
{% if value.is_number or value.code_list %}
{% set when %}{{ value.text }} like '=%'{% endset %}
{% set detail = value.text %}
{% endif %}
