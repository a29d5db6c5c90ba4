-- A unit that does not measure the fuel.
{% if kind == 'matrix' %}
{% set when %}
fuel_unit <> unit
and not (unit = 'tce' and dataset in (select datasets.dataset from datasets where takes_tce))
{% endset %}
{% set detail %}
unit_label || ' is ' || unit || ', ' || fuel_label || ' is kept in ' || fuel_unit
{% endset %}
{% set detail_zh %}
unit_label || ' 即 ' || unit || '，' || fuel_label || ' 以 ' || fuel_unit || ' 计'
{% endset %}
{% elif value.code_list == 'unit_labels' and subject.column_of('fuels') %}
{% set fuel = subject.column_of('fuels') %}
{% set when %}
{{ fuel }} || '|' || {{ value.text }} not in (
    select fuels.fuel_code || '|' || units.unit_label
    from fuels inner join units on fuels.unit = units.unit
)
{% endset %}
{% set detail %}{{ value.text }} || ' is no unit of ' || {{ fuel }}{% endset %}
{% set detail_zh %}{{ value.text }} || ' 不是 ' || {{ fuel }} || ' 的单位'{% endset %}
{% endif %}
