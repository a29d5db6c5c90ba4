{{ config(materialized='view') }}

-- A view: the bridge, with what is printed in the cell and where the factor is from.
with emission_lineage as (

    select * from {{ published(ref('emission_lineage')) }}

),

energy_lineage as (

    select * from {{ published(ref('energy_lineage')) }}

),

return_lineage as (

    select * from {{ published(ref('return_lineage')) }}

),

emission_factors as (

    select * from {{ published(ref('emission_factors')) }}

),

measured_factors as (

    select * from {{ published(ref('measured_factors')) }}

),

grid_emission_factors as (

    select * from {{ published(ref('grid_emission_factors')) }}

),

sources as (

    select * from {{ published(ref('sources')) }}

),

cells as (

    select
        emission_lineage.*,
        energy_lineage.raw_table,
        energy_lineage.value_text,
        energy_lineage.number_text,
        energy_lineage.correction_id,
        energy_lineage.unit_label,
        energy_lineage.to_unit_factor,
        energy_lineage.source_id as activity_source_id
    from emission_lineage
    inner join energy_lineage
        on
            emission_lineage.file_name = energy_lineage.file_name
            and emission_lineage.sheet_name = energy_lineage.sheet_name
            and emission_lineage.row_number = energy_lineage.row_number
            and emission_lineage.column_number = energy_lineage.column_number
    where emission_lineage.park_id is null
    union all
    select
        emission_lineage.*,
        return_lineage.raw_table,
        return_lineage.value_text,
        return_lineage.value_text as number_text,
        null as correction_id,
        return_lineage.unit_label,
        return_lineage.to_unit_factor,
        return_lineage.source_id as activity_source_id
    from emission_lineage
    inner join return_lineage
        on
            emission_lineage.file_name = return_lineage.file_name
            and emission_lineage.sheet_name = return_lineage.sheet_name
            and emission_lineage.row_number = return_lineage.row_number
            and emission_lineage.column_name = return_lineage.column_name
    where emission_lineage.park_id is not null

),

final as (

    select
        cells.account,
        cells.region_code,
        cells.park_id,
        cells.enterprise_id,
        cells.year,
        cells.method,
        cells.balance_item,
        cells.narrowest_boundary,
        cells.industry_code,
        cells.fuel_code,
        cells.scope,
        cells.co2_t,
        cells.co2e_t,
        cells.quantity,
        cells.unit,
        cells.origin,
        cells.input_role,
        cells.weight,
        cells.outside_share,
        cells.cell_quantity,
        cells.raw_table,
        cells.file_name,
        cells.sheet_name,
        cells.row_number,
        cells.column_number,
        cells.column_name,
        cells.value_text,
        cells.number_text,
        cells.correction_id,
        cells.unit_label,
        cells.to_unit_factor,
        cells.activity_source_id,
        activity_sources.title_zh as activity_source_zh,
        activity_sources.title_en as activity_source_en,
        cells.factor_id,
        cells.co2_t_per_quantity,
        case
            when measured_factors.factor_id is not null then cells.co2_t_per_quantity
            else coalesce(emission_factors.co2_t_per_unit, grid_emission_factors.co2_t_per_mwh)
        end as co2_t_per_unit,
        case
            when measured_factors.factor_id is not null then measured_factors.unit
            when grid_emission_factors.factor_id is not null then 'mwh'
            else emission_factors.unit
        end as factor_unit,
        coalesce(emission_factors.origin, grid_emission_factors.origin, measured_factors.origin)
            as factor_origin,
        coalesce(emission_factors.note, measured_factors.laboratory) as factor_note,
        coalesce(
            emission_factors.source_id,
            grid_emission_factors.source_id,
            measured_factors.source_id
        ) as factor_source_id,
        factor_sources.title_en as factor_source_en,
        factor_sources.title_zh as factor_source_zh,
        factor_sources.url_or_citation as factor_citation
    from cells
    left join emission_factors on cells.factor_id = emission_factors.factor_id
    left join grid_emission_factors on cells.factor_id = grid_emission_factors.factor_id
    left join measured_factors on cells.factor_id = measured_factors.factor_id
    left join sources as activity_sources on cells.activity_source_id = activity_sources.source_id
    left join sources as factor_sources
        on
            coalesce(
                emission_factors.source_id,
                grid_emission_factors.source_id,
                measured_factors.source_id
            ) = factor_sources.source_id

)

select * from final
