{# A physical constant or threshold by id, from its reference table. #}
{% macro constant(constant_id) -%}
    (select value from {{ ref('constants') }} where constant_id = '{{ constant_id }}')
{%- endmacro %}

{% macro threshold(threshold_id) -%}
    (select value from {{ ref('thresholds') }} where threshold_id = '{{ threshold_id }}')
{%- endmacro %}
