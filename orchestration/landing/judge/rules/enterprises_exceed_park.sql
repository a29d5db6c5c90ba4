-- What the parts used of a fuel is more than the whole says. Compared is what can be added up:
-- coal net of what washing gives back, and coke. The largest figure of the whole counts, of
-- whatever boundary or edition. Energy in standard coal cannot be added: what a power plant burns
-- and what it sells would both be in it.
{% set fuel, unit = subject.column_of('fuels'), subject.column_of('unit_labels') %}
{% for sum in catalogue('catalog/dataset_roll_ups.csv') if rows_of(sum.whole_dataset) %}
{% set columns = reference(sum.columns_by_fuel) | map(attribute='park_column') | unique | list %}
{% set key = sum.key_columns.split('|') | join(', ') %}
{{ 'union all' if not loop.first }}
(
    with columns_by_fuel as (
        select * from reference('{{ sum.columns_by_fuel }}')
    ),

    wholes as (
        unpivot (
            select
                {{ key }}
                {% for name in columns %}
                , max({{ name }}::double) as {{ name }}
                {% endfor %}
            from {{ rows_of(sum.whole_dataset) }}
            group by {{ key }}
        ) on {{ columns | join(', ') }} into name whole_column value whole_quantity
    ),

    used as (
        select
            parts.row_id,
            {% for name in sum.key_columns.split('|') %}
            parts.{{ name }},
            {% endfor %}
            parts.vintage,
            columns_by_fuel.park_column as whole_column,
            (
                parts.{{ sum.quantity_column }}::double
                - case
                    when columns_by_fuel.is_net_of_output = 'true'
                        then coalesce(parts.{{ sum.output_column }}::double, 0)
                    else 0
                end
            ) * units.to_unit_factor as quantity
        from {{ rows }} as parts
        inner join units on parts.{{ unit }} = units.unit_label
        inner join columns_by_fuel on parts.{{ fuel }} = columns_by_fuel.fuel_code
        where parts.{{ sum.quantity_column }} is not null
    ),

    exceeded as (
        select {{ key }}, vintage, whole_column, sum(quantity) as quantity, whole_quantity
        from used
        inner join wholes using ({{ key }}, whole_column)
        group by {{ key }}, vintage, whole_column, whole_quantity
        having sum(quantity) > whole_quantity * (1 + threshold('{{ sum.maximum_threshold_id }}'))
    )

    select
        used.row_id,
        '{{ sum.quantity_column }}' as column_name,
        'the returns of {{ sum.parts_en }} of ' || concat_ws(' ', {{ key }}) || ' add up to '
            || round(exceeded.quantity, 3) || ', ' || whole_column || ' of {{ sum.whole_en }} is '
            || exceeded.whole_quantity as detail,
        concat_ws(' ', {{ key }}) || ' {{ sum.parts_zh }}报表合计 '
            || round(exceeded.quantity, 3) || '，{{ sum.whole_zh }} '
            || coalesce(columns.label_zh, whole_column) || ' 为 '
            || exceeded.whole_quantity as detail_zh
    from used
    inner join exceeded using ({{ key }}, vintage, whole_column)
    left join reference('catalog/columns.csv') as columns
        on used.whole_column = columns.column_name
)
{% endfor %}
