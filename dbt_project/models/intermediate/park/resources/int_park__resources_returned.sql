-- What parks returned of land, water and air pollutants, cell by cell, in the latest edition: land
-- that industry has built on, water and emissions of industry above designated size.
with land as (

    {{ latest_edition(ref('stg_park_returns__land'), ['park_id', 'year']) | indent }}

),

water as (

    {{ latest_edition(
        ref('stg_park_returns__water'),
        ['park_id', 'year'], condition="boundary = 'above_size_industry'"
    ) | indent }}

),

pollutants as (

    {{ latest_edition(
        ref('stg_park_returns__pollutants'),
        ['park_id', 'year', 'pollutant'], condition="boundary = 'above_size_industry'"
    ) | indent }}

),

equivalents as (

    select * from {{ ref('pollutant_equivalents') }}
    where medium = 'air'

),

united as (

    select
        park_id,
        year,
        'land' as resource,
        'ha' as unit,
        'industrial_area_ha' as column_name,
        '' as pollutant,
        industrial_area_ha as returned_quantity,
        industrial_area_ha as quantity,
        origin,
        source_id,
        'raw.park_returns_land' as raw_table,
        _file_name as file_name,
        _sheet_name as sheet_name,
        _row_number as row_number
    from land
    union all
    select
        park_id,
        year,
        'water' as resource,
        'm3' as unit,
        'industrial_fresh_water_m3' as column_name,
        '' as pollutant,
        industrial_fresh_water_m3 as returned_quantity,
        industrial_fresh_water_m3 as quantity,
        origin,
        source_id,
        'raw.park_returns_water' as raw_table,
        _file_name as file_name,
        _sheet_name as sheet_name,
        _row_number as row_number
    from water
    union all
    select
        pollutants.park_id,
        pollutants.year,
        'air_pollutants' as resource,
        'equivalent' as unit,
        'emission_t' as column_name,
        pollutants.pollutant,
        pollutants.emission_t as returned_quantity,
        pollutants.emission_t / {{ constant('t_per_kg') }} / nullif(equivalents.equivalent_kg, 0)
            as quantity,
        pollutants.origin,
        pollutants.source_id,
        'raw.park_returns_pollutants' as raw_table,
        pollutants._file_name as file_name,
        pollutants._sheet_name as sheet_name,
        pollutants._row_number as row_number
    from pollutants
    inner join equivalents on pollutants.pollutant = equivalents.pollutant

),

final as (

    select * from united
    where quantity is not null

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year, resource, pollutant
