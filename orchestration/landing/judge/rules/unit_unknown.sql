-- A unit that stands in no table.
{% set when = 'unit is null' %}
{% set detail %}
unit_label || coalesce('; nearest known: ' || nearest_known('unit', unit_label), '')
{% endset %}
{% set detail_zh %}
unit_label || coalesce('；最接近的已知单位：' || nearest_known('unit', unit_label), '')
{% endset %}
