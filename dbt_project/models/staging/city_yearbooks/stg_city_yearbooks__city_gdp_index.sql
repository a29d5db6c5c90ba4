with raw_cells as (

    select * from {{ source('raw', 'city_yearbooks_city_gdp_index') }}

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
        'city_yearbooks_city_gdp_index' as dataset,
        region_aliases.region_code,
        {{ printed_year('raw_cells.year_label') }} as year,
        indicator_aliases.indicator,
        raw_cells._vintage as vintage,
        {{ printed_number('raw_cells.number_text') }} * units.to_unit_factor as value,
        units.unit,
        {{ cell_provenance() }}
    from raw_cells
    left join region_aliases on raw_cells.region_label = region_aliases.alias
    left join indicator_aliases on raw_cells.indicator_label = indicator_aliases.alias
    left join units on raw_cells.unit_label = units.unit_label

)

select * from final
