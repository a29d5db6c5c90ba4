-- Below nothing, where nothing can be.
{% if value.may_be_negative != 'true' %}
{% set when %}{{ value.number }} < 0 and not {{ value.may_be_negative }}{% endset %}
{% set detail = value.text %}
{% endif %}
