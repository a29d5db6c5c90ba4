-- A unit of another dimension than the quantity: of the fuel, unless the dataset keeps another
-- quantity of fuels, or of the indicator. Of a list also a unit column against a heading.
{% if kind == 'matrix' %}
{% set when %}
indicator_unit <> unit or (
    fuel_unit is not null
    and not (unit = fuel_unit and list_contains(fuel_units, 'fuel'))
    and not list_contains(fuel_units, unit)
)
{% endset %}
{% set kept %}
case
    when indicator_unit is not null then indicator_unit
    else array_to_string(
        list_transform(fuel_units, kept -> if(kept = 'fuel', fuel_unit, kept)), ' / '
    )
end
{% endset %}
{% set detail %}
unit_label || ' is ' || unit || ', ' || coalesce(fuel_label, indicator_label) || ' is kept in '
    || {{ kept }}
{% endset %}
{% set detail_zh %}
unit_label || ' 即 ' || unit || '，' || coalesce(fuel_label, indicator_label) || ' 以 '
    || {{ kept }} || ' 计'
{% endset %}
{% elif value.code_list == 'unit_labels' %}
{% set fuel = subject.column_of('fuels') %}
{% set headed %}
(load_id || '|' || {{ value.text }}) in (
    select load_id || '|' || unit_label from units_contradicted
)
{% endset %}
{% set when %}
{{ headed }}
{% if fuel %}
or {{ fuel }} || '|' || {{ value.text }} not in (
    select fuels.fuel_code || '|' || units.unit_label
    from fuels inner join units on fuels.unit = units.unit
)
{% endif %}
{% endset %}
{% set detail %}
{{ value.text }} || case
    when {{ headed }} then ' is not the unit of the heading'
    else ' is no unit of ' || {{ fuel or "''" }}
end
{% endset %}
{% set detail_zh %}
{{ value.text }} || case
    when {{ headed }} then ' 与表头所印单位不同'
    else ' 不是 ' || {{ "fuel_zh(" ~ fuel ~ ")" if fuel else "''" }} || ' 的单位'
end
{% endset %}
{% endif %}
