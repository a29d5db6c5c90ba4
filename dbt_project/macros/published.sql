{#
  A mart as a view of the published file names it: without the catalogue, so that the view can be
  read where the file is attached under another name.
#}
{% macro published(relation) -%}
    {{ [relation.schema, relation.identifier] | select | join('.') or relation }}
{%- endmacro %}
