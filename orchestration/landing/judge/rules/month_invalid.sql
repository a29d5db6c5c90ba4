-- A month is one of twelve, of the year of its row. The reader left what says another year.
{% if value.column.type == 'month' %}
{% set when %}
{{ value.text }} is not null
and not (
    {{ value.is_numeric }} and {{ value.number }} = floor({{ value.number }})
    and {{ value.number }} between 1 and 12
)
{% endset %}
{% set detail %}{{ value.text }} || ' is not one of the months 1 to 12 of the year'{% endset %}
{% set detail_zh %}{{ value.text }} || ' 不是本行年份的 1 至 12 月'{% endset %}
{% endif %}
