{%- set named = [
    ('region', 'regions', 'region_code', 'name_zh', 'name_en'),
    ('grid_name', 'regions', 'region_code', 'name_zh', 'name_en'),
    ('industry', 'industries', 'industry_code', 'name_zh', 'name_en'),
    ('fuel', 'fuels', 'fuel_code', 'name_zh', 'name_en'),
    ('line_item', 'fuels', 'fuel_code', 'name_zh', 'name_en'),
    ('boundary', 'boundaries', 'boundary', 'name_zh', 'name_en'),
    ('method', 'methods', 'method', 'name_zh', 'name_en'),
    ('method', 'park_methods', 'method', 'name_zh', 'name_en'),
    ('park', 'parks', 'park_id', 'name_zh', 'coalesce(name_en, name_zh)'),
    ('entity', 'regions', 'region_code', 'name_zh', 'name_en'),
    ('entity', 'parks', 'park_id', 'name_zh', 'coalesce(name_en, name_zh)'),
    ('dataset', 'datasets', 'dataset', 'label_zh', 'label_en'),
    ('report', 'reports', 'report_id', 'title_zh', 'title_en'),
    ('source', 'sources', 'source_id', 'title_zh', 'title_en'),
    (
        'clause', 'standards', 'clause_id',
        'coalesce(clause_zh, title_zh)', 'coalesce(clause_en, title_en)',
    ),
    ('code_scheme', 'code_schemes', 'scheme_id', 'label_zh', 'label_en'),
    ('evaluation_set', 'evaluation_sets', 'set_id', 'label_zh', 'label_en'),
    ('criterion', 'management_criteria', 'criterion', 'label_zh', 'label_en'),
    ('indicator', 'indicator_codes', 'indicator', 'name_zh', 'name_en'),
    ('coupling_state', 'coupling_states', 'coupling_state', 'label_zh', 'label_en'),
    ('synergy_state', 'synergy_states', 'synergy_state', 'label_zh', 'label_en'),
] -%}

-- Codes that have a table of their own, in the order of the codes.
with named as (

    {% for code_list, table, code, label_zh, label_en in named %}
        select
            '{{ code_list }}' as code_list,
            {{ code }} as code,
            {{ label_zh }} as label_zh,
            {{ label_en }} as label_en
        from {{ ref(table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- An indicator that is a column is called as the column is, but where the economy has its own name.
columns_as_indicators as (

    select
        'indicator' as code_list,
        catalogue.column_name as code,
        catalogue.label_zh,
        catalogue.label_en
    from {{ ref('columns') }} as catalogue
    left join {{ ref('indicator_codes') }} as indicators
        on catalogue.column_name = indicators.indicator
    where indicators.indicator is null and catalogue.unit is not null

),

-- Methods may have an indicator in common: it is called the same.
guiding as (

    select
        'gap_item' as code_list,
        guiding_indicator as code,
        min(label_zh) as label_zh,
        min(label_en) as label_en
    from {{ ref('guiding_indicators') }}
    group by guiding_indicator

),

-- Boundaries of the forms are among all boundaries.
entries as (

    select
        code_list,
        code,
        label_zh,
        label_en
    from {{ ref('code_list_entries') }}
    where code_list <> 'boundary'

),

-- A measure of a park is asked of as an indicator too; a line of an account is a fuel, a supply, a
-- product, a sink or an allowance.
entries_again as (

    {% for code_list, lists in [
        ('indicator', ['measure']),
        ('line_item', ['supply_kind', 'process_product', 'sink_kind', 'allowance_kind']),
    ] %}
        select
            '{{ code_list }}' as code_list,
            code,
            label_zh,
            label_en
        from entries
        where code_list in ('{{ lists | join("', '") }}') -- noqa: LT05
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

ours as (

    select * from named
    union all
    select * from columns_as_indicators
    union all
    select * from guiding
    union all
    select * from entries
    union all
    select * from entries_again

),

-- What a report prints of its figures is no code of ours; where two reports print the same words,
-- the first has its way. A park is called as it is.
printed as (

    select
        report_id,
        code_list,
        words as code,
        coalesce(label_zh, words) as label_zh,
        label_en
    from {{ source('reports', 'report_words') }}
    union all
    select
        '' as report_id,
        'entity' as code_list,
        figures.entity as code,
        figures.entity as label_zh,
        max(coalesce(parks.name_en, parks.name_zh)) as label_en
    from {{ ref('published_figures') }} as figures
    inner join {{ ref('parks') }} as parks on figures.entity = parks.name_zh
    group by figures.entity

),

printed_once as (

    select
        printed.code_list,
        printed.code,
        min_by(printed.label_zh, printed.report_id) as label_zh,
        min_by(printed.label_en, printed.report_id) as label_en
    from printed
    left join ours
        on printed.code_list = ours.code_list and printed.code = ours.code
    where ours.code is null
    group by printed.code_list, printed.code

),

united as (

    select * from ours
    union all
    select * from printed_once

),

in_order as (

    select
        code_list,
        code,
        label_zh,
        label_en,
        row_number() over (partition by code_list order by code) as sort
    from united
    union all
    select
        code_list,
        code,
        label_zh,
        label_en,
        sort
    from {{ ref('code_words') }}
    union all
    select
        'band_of_' || band_set as code_list,
        band as code,
        label_zh,
        label_en,
        sort
    from {{ ref('class_bands') }}
    union all
    select
        'class' as code_list,
        band as code,
        label_zh,
        label_en,
        sort
    from {{ ref('class_bands') }}
    where band_set not in ('co2_t', 'coal_t')
    union all
    select
        'balance_item' as code_list,
        balance_item as code,
        name_zh as label_zh,
        name_en as label_en,
        position as sort
    from {{ ref('balance_items') }}

),

final as (

    select
        code_columns.column_name,
        in_order.code,
        in_order.label_zh,
        in_order.label_en,
        cast(in_order.sort as int) as sort,
        code_columns.code_list,
        code_columns.name_column
    from {{ ref('code_columns') }} as code_columns
    inner join in_order on code_columns.code_list = in_order.code_list

)

select * from final
order by column_name, code
