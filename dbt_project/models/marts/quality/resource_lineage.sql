-- From the scores by land, water, energy, carbon and pollution to the cells that parks returned.
-- What an energy cell emits, and by which factor, is in quality.explain.
with returned as (

    select * from {{ ref('int_park__resources_returned') }}

),

facts as (

    {{ latest_edition(
        ref('stg_park_returns__park_facts'),
        ['park_id', 'year'], condition="boundary = 'above_size_industry'"
    ) | indent }}

),

energy_cells as (

    select * from {{ ref('return_lineage') }}

),

final as (

    select
        park_id,
        year,
        resource,
        cast(null as {{ type_name('varchar') }}) as enterprise_id,
        coalesce(nullif(pollutant, ''), unit) as element,
        returned_quantity,
        quantity,
        raw_table,
        file_name,
        sheet_name,
        row_number,
        column_name,
        origin,
        source_id
    from returned
    union all
    select
        park_id,
        year,
        'value_added' as resource,
        null as enterprise_id,
        '10k_cny' as element,
        industrial_value_added_10k_cny as returned_quantity,
        industrial_value_added_10k_cny as quantity,
        'raw.park_returns_park_facts' as raw_table,
        _file_name as file_name,
        _sheet_name as sheet_name,
        _row_number as row_number,
        'industrial_value_added_10k_cny' as column_name,
        origin,
        source_id
    from facts
    where industrial_value_added_10k_cny is not null
    union all
    select
        park_id,
        year,
        'energy' as resource,
        enterprise_id,
        fuel_code || '/' || flow as element,
        quantity as returned_quantity,
        quantity,
        raw_table,
        file_name,
        sheet_name,
        row_number,
        column_name,
        origin,
        source_id
    from energy_cells

)

select * from final
order by park_id, year, resource, file_name, row_number, column_name, element
