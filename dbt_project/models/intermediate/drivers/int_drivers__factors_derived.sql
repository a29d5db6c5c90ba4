-- The factors of each sector and fuel group, one beside the other: the product of those it has is
-- its CO2. A sector without value added of its own has no structure. What a group emits per energy
-- is the mix of its fuels, and of who burns them, at the factors of the base year (fuel_mix), times
-- what has become of the factors since (emission_factor): 1 where they are constant. A factor that
-- is nothing over nothing has no value; over a period it takes the one it has at the other end, so
-- that what appears or goes is the effect of the energy mix.
with activities as (

    select * from {{ ref('int_drivers__activities_united') }}

),

summed as (

    select
        entity_type,
        entity,
        region_code,
        identity,
        method,
        year,
        price_basis,
        sector || '/' || kaya_group as category,
        structure_by,
        activity_10k_cny,
        sector_activity_10k_cny,
        series_key,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        sum(energy_tce) over (
            partition by entity, method, year, price_basis, sector
        ) as sector_energy_tce,
        sum(energy_tce) over (partition by entity, method, year, price_basis)
            as entity_energy_tce,
        is_split_frozen,
        origin_rank
    from activities

),

-- With value added by sector: activity x share of sector x energy per its value added. With energy
-- by sector: activity x energy per activity x share of sector. Without activity: energy itself.
final as (

    select
        entity_type,
        entity,
        region_code,
        identity,
        method,
        year,
        price_basis,
        category,
        activity_10k_cny,
        structure_by = 'energy'
        or (structure_by = 'value_added' and sector_activity_10k_cny is not null)
            as has_structure,
        case
            when structure_by = 'value_added'
                then sector_activity_10k_cny / nullif(activity_10k_cny, 0)
            when structure_by = 'energy' then sector_energy_tce / nullif(entity_energy_tce, 0)
        end as structure_value,
        case
            when structure_by = 'energy' then entity_energy_tce / nullif(activity_10k_cny, 0)
            when activity_10k_cny is null then sector_energy_tce
            else
                sector_energy_tce
                / nullif(coalesce(sector_activity_10k_cny, activity_10k_cny), 0)
        end as energy_intensity_value,
        energy_tce / nullif(sector_energy_tce, 0) as energy_mix_value,
        base_factor_co2_t / nullif(energy_tce, 0) as fuel_mix_value,
        case
            when base_factor_co2_t <> 0 then co2_t / base_factor_co2_t
            when energy_tce <> 0 then 1
        end as emission_factor_value,
        series_key,
        co2_t,
        grid_factor_year,
        is_split_frozen,
        origin_rank
    from summed

)

select * from final
