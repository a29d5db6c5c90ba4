-- A day is one of the calendar. The reader left what is none as it stands.
{% if value.column.type == 'date' %}
{% set when %}
{{ value.text }} is not null
and (
    not regexp_full_match({{ value.text }}, '\d{4}-\d\d-\d\d')
    or try_cast({{ value.text }} as date) is null
)
{% endset %}
{% set detail = value.text %}
{% endif %}
