{# The number left of a printed value as DOUBLE; null where nothing was printed. #}
{% macro printed_number(column) -%}
    try_cast({{ column }} as double)
{%- endmacro %}

{# A printed year (2018 or 2018年) as an integer. #}
{% macro printed_year(column) -%}
    cast(substr({{ column }}, 1, 4) as integer)
{%- endmacro %}

{# What a staged cell keeps of its print: text, status, unit, origin, place, correction. #}
{% macro cell_provenance() -%}
        raw_cells.value_text,
        raw_cells.number_text,
        raw_cells.value_status,
        raw_cells.unit_label,
        units.to_unit_factor,
        raw_cells._origin as origin,
        raw_cells._source_id as source_id,
        raw_cells._load_id,
        raw_cells._file_name,
        raw_cells._sheet_name,
        raw_cells._row_number,
        raw_cells._column_number,
        raw_cells._column_name,
        raw_cells._correction_id
{%- endmacro %}

{#
  One raw energy table (region, year, item and fuel labels, whatever its layout was) with codes in
  place of labels and the fuel's own unit in place of the printed one.

  A label of the item column is either a row of the balance or an industry under final
  consumption; the first wins where a word is both (Briquettes).
#}
{% macro stage_energy_table(table_name) %}
with raw_cells as (

    select * from {{ source('raw', table_name) }}

),

region_aliases as (

    select * from {{ ref('region_aliases') }}

),

balance_item_aliases as (

    select * from {{ ref('balance_item_aliases') }}

),

balance_items as (

    select * from {{ ref('balance_item_codes') }}

),

industry_aliases as (

    select * from {{ ref('industry_aliases') }}

),

fuel_aliases as (

    select * from {{ ref('fuel_aliases') }}

),

units as (

    select * from {{ ref('unit_labels') }}

),

final as (

    select
        '{{ table_name }}' as dataset,
        region_aliases.region_code,
        {{ printed_year('raw_cells.year_label') }} as year,
        coalesce(balance_item_aliases.balance_item, 'final_consumption') as balance_item,
        coalesce(balance_items.default_industry_code, industry_aliases.industry_code)
            as industry_code,
        fuel_aliases.fuel_code,
        raw_cells._vintage as vintage,
        {{ printed_number('raw_cells.number_text') }} * units.to_unit_factor as quantity,
        units.unit,
        {{ cell_provenance() }}
    from raw_cells
    left join region_aliases on raw_cells.region_label = region_aliases.alias
    left join balance_item_aliases on raw_cells.item_label = balance_item_aliases.alias
    left join balance_items on balance_item_aliases.balance_item = balance_items.balance_item
    left join industry_aliases on raw_cells.item_label = industry_aliases.alias
    left join fuel_aliases on raw_cells.fuel_label = fuel_aliases.alias
    left join units on raw_cells.unit_label = units.unit_label

)

select * from final
{% endmacro %}

{#
  One raw economy table (region, year and indicator labels) with codes. Its value is money in
  10k_cny, or has the name given and its unit beside it.
#}
{% macro stage_economy_table(table_name, value='value_10k_cny', with_unit=false) %}
with raw_cells as (

    select * from {{ source('raw', table_name) }}

),

region_aliases as (

    select * from {{ ref('region_aliases') }}

),

indicator_aliases as (

    select * from {{ ref('indicator_aliases') }}

),

units as (

    select * from {{ ref('unit_labels') }}

),

final as (

    select
        '{{ table_name }}' as dataset,
        region_aliases.region_code,
        {{ printed_year('raw_cells.year_label') }} as year,
        indicator_aliases.indicator,
        raw_cells._vintage as vintage,
        {{ printed_number('raw_cells.number_text') }} * units.to_unit_factor as {{ value }},
        {%- if with_unit %}
        units.unit,
        {%- endif %}
        {{ cell_provenance() }}
    from raw_cells
    left join region_aliases on raw_cells.region_label = region_aliases.alias
    left join indicator_aliases on raw_cells.indicator_label = indicator_aliases.alias
    left join units on raw_cells.unit_label = units.unit_label

)

select * from final
{% endmacro %}
