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

-- What a view of schema bi takes from its table, and the mark of its rows of the model.
viewed as (

    select
        'bi' as schema_name,
        bi_views.bi_view as table_name,
        described.column_name,
        described.is_key_column,
        described.label_zh,
        described.label_en,
        described.unit,
        described.aggregation,
        described.numerator,
        described.denominator,
        described.format,
        described.description_zh,
        described.description_en
    from described
    inner join {{ ref('bi_views') }} as bi_views
        on
            described.schema_name = bi_views.schema_name
            and described.table_name = bi_views.table_name
    union all
    select
        'bi' as schema_name,
        bi_views.bi_view as table_name,
        catalogue.column_name,
        false as is_key_column,
        catalogue.label_zh,
        catalogue.label_en,
        catalogue.unit,
        catalogue.aggregation,
        catalogue.numerator,
        catalogue.denominator,
        catalogue.format,
        catalogue.description_zh,
        catalogue.description_en
    from {{ ref('bi_views') }} as bi_views
    inner join catalogue on catalogue.column_name = 'is_model'
    where bi_views.has_model

),

-- Beside each code of such a view, its name in both languages.
names as (

    {% for language, ending_zh, ending_en in [('zh', '', ', Chinese'), ('en', '英文', ', English')] %}
        select
            viewed.schema_name,
            viewed.table_name,
            code_columns.name_column || '_{{ language }}' as column_name,
            false as is_key_column,
            code_columns.name_label_zh || '{{ ending_zh }}' as label_zh,
            code_columns.name_label_en || '{{ ending_en }}' as label_en,
            viewed.unit,
            'none' as aggregation,
            viewed.numerator,
            viewed.denominator,
            viewed.format,
            '代码 ' || viewed.column_name || ' 的名称，见 reference.codes' as description_zh,
            'Name of the code in ' || viewed.column_name || '; see reference.codes.'
                as description_en
        from viewed
        inner join {{ ref('code_columns') }} as code_columns
            on viewed.column_name = code_columns.column_name
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

united as (

    select * from described
    union all
    select * from viewed
    union all
    select * from names

),

units as (

    select
        code as unit,
        case when code <> '1' then '（' || label_zh || '）' else '' end as in_brackets_zh,
        case when code <> '1' then ' (' || label_en || ')' else '' end as in_brackets_en
    from {{ ref('code_words') }}
    where code_list = 'unit'

),

final as (

    select
        united.schema_name,
        united.table_name,
        united.column_name,
        united.label_zh,
        united.label_en,
        united.unit,
        united.label_zh || coalesce(units.in_brackets_zh, '') as heading_zh,
        united.label_en || coalesce(units.in_brackets_en, '') as heading_en,
        united.description_zh || {{ line_break() }} || united.description_en as description,
        united.description_zh,
        united.description_en,
        united.aggregation,
        united.numerator,
        united.denominator,
        united.format,
        united.is_key_column
    from united
    left join units on united.unit = units.unit

)

select * from final
order by schema_name, table_name, column_name
