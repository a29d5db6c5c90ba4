{%- set entries = dictionary_entries() -%}

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
        entries.schema_name,
        entries.table_name,
        entries.column_name,
        entries.is_key_column = 'true' or coalesce(forms.is_key_column, false) as is_key_column,
        coalesce(nullif(entries.label_zh, ''), forms.label_zh, catalogue.label_zh) as label_zh,
        coalesce(nullif(entries.label_en, ''), forms.label_en, catalogue.label_en) as label_en,
        coalesce(nullif(entries.unit, ''), catalogue.unit) as unit,
        coalesce(nullif(entries.aggregation, ''), catalogue.aggregation) as aggregation,
        catalogue.numerator,
        catalogue.denominator,
        coalesce(nullif(entries.format, ''), catalogue.format) as format,
        coalesce(nullif(entries.description_zh, ''), forms.description_zh, catalogue.description_zh)
            as description_zh,
        coalesce(nullif(entries.description_en, ''), forms.description_en, catalogue.description_en)
            as description_en
    from entries
    left join catalogue on entries.column_name = catalogue.column_name
    left join forms
        on
            entries.schema_name = forms.schema_name
            and entries.table_name = forms.dataset
            and entries.column_name = forms.column_name

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
