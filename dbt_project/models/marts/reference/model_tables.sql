{%- set entries = model_table_entries() -%}

with entries (
    schema_name, table_name, subject_columns, year_columns, has_origin, has_money, sums_up,
    split_by, has_twin, is_view
) as (

    values
    {% for entry in entries %}
        (
            {{ text_literals(entry) }} -- noqa: LT05
        ){% if not loop.last %},{% endif %}
    {% endfor %}

),

final as (

    select
        schema_name,
        table_name,
        subject_columns,
        year_columns,
        has_origin = 'true' as has_origin,
        has_money = 'true' as has_money,
        sums_up,
        split_by,
        has_twin = 'true' as has_twin,
        is_view = 'true' as is_view
    from entries

)

select * from final
order by schema_name, table_name
