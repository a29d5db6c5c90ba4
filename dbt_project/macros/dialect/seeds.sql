{#
  A seed on Spark is one statement. dbt-spark makes an empty table and inserts bindings that it
  pastes between quotes, so a quote in a seed breaks it.
#}
{% macro spark__create_csv_table(model, agate_table) %}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set rows = agate_table.rows -%}
    {% call statement('_') -%}
        create table {{ this.render() }}
        {{ file_format_clause() }}
        {{ location_clause() }}
        as
        select
            {% for name in agate_table.column_names -%}
                cast({{ name }} as {{ type_name(types.get(name, 'varchar')) }}) as {{ name }}
                {{- ',' if not loop.last }}
            {% endfor %}
        from (
            values
            {% for row in rows -%}
                ({%- for value in row -%}
                    {{ text_literal(value) if value is not none else 'null' }}
                    {{- ', ' if not loop.last }}
                {%- endfor -%}){{ ',' if not loop.last }}
            {% else -%}
                ({% for name in agate_table.column_names %}null{{ ', ' if not loop.last }}{% endfor %})
            {% endfor %}
        ) as cells ({{ agate_table.column_names | join(', ') }})
        {{ 'where false' if not rows }}
    {%- endcall %}
    {{ return('') }}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
    {{ return('') }}
{% endmacro %}
