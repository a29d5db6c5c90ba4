{%- set entries = dictionary_entries() -%}
{%- set placed_again = [
    ('model', 'model_tables.has_twin'),
    ('all_levels', 'model_tables.has_twin and not model_tables.is_view'),
] -%}

with entries (
    schema_name, table_name, column_name, is_key_column,
    label_zh, label_en, unit, aggregation, format, description_zh, description_en
) as (

    values
    {% for entry in entries %}
        (
            {{ text_literals(entry) }} -- noqa: LT05
        ){% if not loop.last %},{% endif %}
    {% endfor %}

),

-- A table of which a part stands in schema model has the same columns there, and, where it is no
-- view, all of it in all_levels.
placed as (

    select * from entries
    {% for schema, condition in placed_again %}
        union all
        select
            '{{ schema }}' as schema_name,
            entries.table_name,
            entries.column_name,
            entries.is_key_column,
            entries.label_zh,
            entries.label_en,
            entries.unit,
            entries.aggregation,
            entries.format,
            entries.description_zh,
            entries.description_en
        from entries
        inner join {{ ref('model_tables') }} as model_tables
            on
                entries.schema_name = model_tables.schema_name
                and entries.table_name = model_tables.table_name
        where {{ condition }}
    {% endfor %}

),

catalogue as (

    select * from {{ ref('columns') }}

),

-- Forms are those of raw tables; said of the form, the join below is by equality.
forms as (

    select
        dataset_columns.*,
        'raw' as schema_name
    from {{ ref('dataset_columns') }} as dataset_columns

),

-- What the table says overrides what its form says, which overrides the catalogue.
described as (

    select
        placed.schema_name,
        placed.table_name,
        placed.column_name,
        placed.is_key_column = 'true' or coalesce(forms.is_key_column, false) as is_key_column,
        coalesce(nullif(placed.label_zh, ''), forms.label_zh, catalogue.label_zh) as label_zh,
        coalesce(nullif(placed.label_en, ''), forms.label_en, catalogue.label_en) as label_en,
        coalesce(nullif(placed.unit, ''), catalogue.unit) as unit,
        coalesce(nullif(placed.aggregation, ''), catalogue.aggregation) as aggregation,
        catalogue.numerator,
        catalogue.denominator,
        coalesce(nullif(placed.format, ''), catalogue.format) as format,
        coalesce(nullif(placed.description_zh, ''), forms.description_zh, catalogue.description_zh)
            as description_zh,
        coalesce(nullif(placed.description_en, ''), forms.description_en, catalogue.description_en)
            as description_en
    from placed
    left join catalogue on placed.column_name = catalogue.column_name
    left join forms
        on
            placed.schema_name = forms.schema_name
            and placed.table_name = forms.dataset
            and placed.column_name = forms.column_name

),

final as (

    select
        schema_name,
        table_name,
        column_name,
        label_zh,
        label_en,
        unit,
        description_zh || {{ line_break() }} || description_en as description,
        description_zh,
        description_en,
        aggregation,
        numerator,
        denominator,
        format,
        is_key_column
    from described

)

select * from final
order by schema_name, table_name, column_name
