{# The number left of a printed value as DOUBLE; null where nothing was printed. #}
{% macro printed_number(column) -%}
    try_cast({{ column }} as double)
{%- endmacro %}

{# What a staged cell keeps of its print: text, status, unit, origin, place, correction. #}
{% macro cell_provenance() -%}
        raw_cells.value_text,
        raw_cells.number_text,
        raw_cells.value_status,
        raw_cells.unit_label,
        raw_cells.to_unit_factor,
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
  One raw energy table, whatever its layout was, in the fuel's own unit. Which codes its labels mean
  the landing has said.
#}
{% macro stage_energy_table(table_name) %}
with raw_cells as (

    select * from {{ source('raw', table_name) }}

),

final as (

    select
        '{{ table_name }}' as dataset,
        raw_cells.region_code,
        raw_cells.year,
        raw_cells.balance_item,
        raw_cells.industry_code,
        raw_cells.fuel_code,
        raw_cells._vintage as vintage,
        {{ printed_number('raw_cells.number_text') }} * raw_cells.to_unit_factor as quantity,
        raw_cells.unit,
        {{ cell_provenance() }}
    from raw_cells

)

select * from final
{% endmacro %}

{#
  One raw economy table. Its value is money in 10k_cny, or has the name given and its unit beside it.
#}
{% macro stage_economy_table(table_name, value='value_10k_cny', with_unit=false) %}
with raw_cells as (

    select * from {{ source('raw', table_name) }}

),

final as (

    select
        '{{ table_name }}' as dataset,
        raw_cells.region_code,
        raw_cells.year,
        raw_cells.indicator,
        raw_cells._vintage as vintage,
        {{ printed_number('raw_cells.number_text') }} * raw_cells.to_unit_factor as {{ value }},
        {%- if with_unit %}
        raw_cells.unit,
        {%- endif %}
        {{ cell_provenance() }}
    from raw_cells

)

select * from final
{% endmacro %}
