with territorial as (

    select * from {{ ref('region_co2') }}

),

industrial as (

    select * from {{ ref('industrial_co2') }}

),

balance_row_rules as (

    select * from {{ ref('balance_row_rules') }}

),

allocation_groups as (

    select * from {{ ref('allocation_groups') }}

),

energy_lineage as (

    select * from {{ ref('energy_lineage') }}

),

emission_factors as (

    select * from {{ ref('emission_factors') }}

),

grid_emission_factors as (

    select * from {{ ref('grid_emission_factors') }}

),

sources as (

    select * from {{ ref('sources') }}

),

accounts as (

    select
        'territorial' as account,
        region_code,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        quantity,
        unit,
        factor_id,
        co2_t,
        co2e_t,
        origin,
        vintage
    from territorial
    union all
    select
        'industrial' as account,
        region_code,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        quantity,
        unit,
        factor_id,
        co2_t,
        co2e_t,
        origin,
        vintage
    from industrial

),

deductions as (

    select distinct
        method,
        account,
        balance_item,
        allocation_group
    from balance_row_rules
    where take = 'deduct'

),

-- A row that counts a balance row as printed rests on that row's cells.
own_cells as (

    select
        accounts.*,
        'activity' as input_role,
        energy_lineage.raw_table,
        energy_lineage.file_name,
        energy_lineage.sheet_name,
        energy_lineage.row_number,
        energy_lineage.column_number,
        energy_lineage.column_name,
        energy_lineage.value_text,
        energy_lineage.number_text,
        energy_lineage.correction_id,
        energy_lineage.unit_label,
        energy_lineage.to_unit_factor,
        energy_lineage.source_id as activity_source_id
    from accounts
    inner join energy_lineage
        on
            accounts.region_code = energy_lineage.region_code
            and accounts.year = energy_lineage.year
            and accounts.balance_item = energy_lineage.balance_item
            and accounts.industry_code = energy_lineage.industry_code
            and accounts.fuel_code = energy_lineage.fuel_code
            and accounts.vintage = energy_lineage.vintage
    left join deductions
        on
            accounts.method = deductions.method
            and accounts.account = deductions.account
            and accounts.balance_item = deductions.balance_item
    where deductions.method is null

),

-- A deduction rests on the deducted row and on the final consumption of its group.
deduction_cells as (

    select
        accounts.*,
        case
            when energy_lineage.balance_item = 'final_consumption' then 'allocation_key'
            else 'deduction'
        end as input_role,
        energy_lineage.raw_table,
        energy_lineage.file_name,
        energy_lineage.sheet_name,
        energy_lineage.row_number,
        energy_lineage.column_number,
        energy_lineage.column_name,
        energy_lineage.value_text,
        energy_lineage.number_text,
        energy_lineage.correction_id,
        energy_lineage.unit_label,
        energy_lineage.to_unit_factor,
        energy_lineage.source_id as activity_source_id
    from accounts
    inner join deductions
        on
            accounts.method = deductions.method
            and accounts.account = deductions.account
            and accounts.balance_item = deductions.balance_item
    inner join energy_lineage
        on
            accounts.region_code = energy_lineage.region_code
            and accounts.year = energy_lineage.year
            and accounts.fuel_code = energy_lineage.fuel_code
            and accounts.vintage = energy_lineage.vintage
    where
        accounts.balance_item = energy_lineage.balance_item
        or (
            energy_lineage.balance_item = 'final_consumption'
            and exists (
                select 1
                from allocation_groups
                where
                    allocation_groups.allocation_group = deductions.allocation_group
                    and allocation_groups.industry_code = energy_lineage.industry_code
            )
        )

),

cells as (

    select * from own_cells
    union all
    select * from deduction_cells

),

final as (

    select
        cells.account,
        cells.region_code,
        cells.year,
        cells.method,
        cells.balance_item,
        cells.industry_code,
        cells.fuel_code,
        cells.scope,
        cells.co2_t,
        cells.co2e_t,
        cells.quantity,
        cells.unit,
        cells.origin,
        cells.input_role,
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
        coalesce(emission_factors.co2_t_per_unit, grid_emission_factors.co2_t_per_mwh)
            as co2_t_per_unit,
        coalesce(emission_factors.unit, 'mwh') as factor_unit,
        coalesce(emission_factors.origin, grid_emission_factors.origin) as factor_origin,
        emission_factors.note as factor_note,
        coalesce(emission_factors.source_id, grid_emission_factors.source_id) as factor_source_id,
        factor_sources.title_en as factor_source_en,
        factor_sources.url_or_citation as factor_citation
    from cells
    left join emission_factors on cells.factor_id = emission_factors.factor_id
    left join grid_emission_factors on cells.factor_id = grid_emission_factors.factor_id
    left join sources as activity_sources on cells.activity_source_id = activity_sources.source_id
    left join sources as factor_sources
        on
            coalesce(emission_factors.source_id, grid_emission_factors.source_id)
            = factor_sources.source_id

)

select * from final
