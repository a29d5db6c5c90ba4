{#
  Origins rank by how far they stand from print; a derived row has the weakest of its inputs, and
  is at best `derived`.
#}
{% macro origin_rank(column) -%}
    case {{ column }} when 'observed' then 1 when 'derived' then 2 else 3 end
{%- endmacro %}

{% macro origin_of_rank(rank) -%}
    case {{ rank }} when 1 then 'observed' when 2 then 'derived' when 3 then 'reconstructed' end
{%- endmacro %}
