-- A total or a mark where a code of its own has to stand: it would be one enterprise more.
{% if value.column.type == 'text' and not value.code_list and (
    value.column.is_key or value.name.endswith('_id')
) %}
{% set when %}
regexp_full_match({{ value.text }}, '(?i).*(合计|小计|总计|共计)|total|subtotal|sum')
{% if value.name.endswith('_id') %}
or regexp_full_match({{ value.text }}, '(?i)[^\p{L}\p{N}]+|无|空|none|n/?a')
{% endif %}
{% endset %}
{% set detail = value.text %}
{% endif %}
