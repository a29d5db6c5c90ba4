{# Fails with every column of the table that its YAML does not describe, and the other way round. #}
{% test columns_are_described(model) %}
{%- set described = [] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type == 'model' and node.name == model.identifier -%}
            {%- for column in node.columns.values() if column.description | trim -%}
                {%- do described.append(column.name) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif -%}

with described_columns as (

    select column_name
    from (values ('{{ described | join("'), ('") }}')) as described (column_name)

),

table_columns as (

    {{ columns_of(model) }}

),

final as (

    select
        table_columns.column_name as undescribed_column,
        described_columns.column_name as missing_column
    from table_columns
    full outer join described_columns
        on table_columns.column_name = described_columns.column_name
    where table_columns.column_name is null or described_columns.column_name is null

)

select * from final
{% endtest %}
