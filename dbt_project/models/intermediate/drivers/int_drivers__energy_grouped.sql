-- Energy and CO2 of whatever is decomposed, by sector and fuel group: a region in all, a region by
-- sector, its industry in all and by division, and each division; a park in all, its industry by
-- division, and its largest enterprises. What nets to nothing but for the
-- last digits (coal less what is feedstock) is nothing.
with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account <> 'park'

),

methods as (

    select * from {{ ref('methods') }}

),

industries as (

    select * from {{ ref('industries') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

kaya_fuel_groups as (

    select * from {{ ref('kaya_fuel_groups') }}

),

kaya_sectors as (

    select * from {{ ref('kaya_sectors') }}

),

regions as (

    select * from {{ ref('regions') }}

),

industry_split as (

    select * from {{ ref('int_energy__industry_split') }}

),

-- A reconstructed split of a city rests on that of its province, and is no better than it.
labelled as (

    select
        emissions.method,
        emissions.account,
        emissions.region_code,
        emissions.year,
        emissions.scope,
        emissions.industry_code,
        industries.is_industrial,
        kaya_sectors.sector,
        kaya_fuel_groups.kaya_group,
        methods.industrial_basis,
        emissions.energy_gj / {{ constant('gj_per_tce') }} as energy_tce,
        emissions.co2_t,
        emissions.base_factor_co2_t,
        emissions.grid_factor_year,
        (
            emissions.is_split_frozen
            or (
                parent_split.is_split_frozen
                and emissions.origin_rank = {{ origin_rank("'reconstructed'") }}
            )
        )
        and emissions.balance_item = 'final_consumption'
        and industries.is_industrial as is_split_frozen,
        emissions.balance_item = 'final_consumption' and industries.is_industrial as is_split,
        greatest(emissions.origin_rank, emissions.factor_origin_rank) as origin_rank,
        greatest(emissions.split_origin_rank, emissions.factor_origin_rank) as split_origin_rank
    from emissions
    inner join methods on emissions.method = methods.method
    inner join industries on emissions.industry_code = industries.industry_code
    inner join fuels on emissions.fuel_code = fuels.fuel_code
    inner join kaya_fuel_groups on fuels.fuel_group = kaya_fuel_groups.fuel_group
    left join kaya_sectors
        on
            coalesce(industries.section, 'none') = coalesce(kaya_sectors.section, 'none')
            and industries.level = kaya_sectors.level
    inner join regions on emissions.region_code = regions.region_code
    left join industry_split as parent_split
        on
            regions.parent_code = parent_split.region_code
            and emissions.fuel_code = parent_split.fuel_code
            and emissions.year = parent_split.year

),

parks as (

    select * from {{ ref('parks') }}

),

park_emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

enterprises as (

    select distinct
        park_id,
        enterprise_id
    from {{ ref('int_park__enterprises_ranked') }}
    where not is_aggregate and rank_in_park <= {{ threshold('top_enterprises') }}

),

labelled_parks as (

    select
        park_emissions.park_id,
        park_emissions.enterprise_id,
        parks.region_code,
        park_emissions.method,
        park_emissions.year,
        park_emissions.industry_code,
        park_emissions.narrowest_boundary,
        kaya_fuel_groups.kaya_group,
        park_emissions.energy_gj / {{ constant('gj_per_tce') }} as energy_tce,
        park_emissions.co2_t,
        park_emissions.base_factor_co2_t,
        park_emissions.grid_factor_year,
        greatest(park_emissions.origin_rank, park_emissions.factor_origin_rank) as origin_rank
    from park_emissions
    inner join parks on park_emissions.park_id = parks.park_id
    inner join fuels on park_emissions.fuel_code = fuels.fuel_code
    inner join kaya_fuel_groups on fuels.fuel_group = kaya_fuel_groups.fuel_group

),

-- Direct CO2 of industry, from the account that the method takes it from.
industrial as (

    select *
    from labelled
    where
        (
            industrial_basis = 'balance_divisions' and account = 'territorial'
            and is_industrial and scope = '1'
        )
        or (industrial_basis <> 'balance_divisions' and account = 'industrial')

),

divisions as (

    select *
    from labelled
    where account = 'territorial' and is_industrial and scope = '1'

),

placed as (

    select
        'territory' as identity,
        region_code,
        region_code as holder_id,
        'all' as sector,
        kaya_group,
        method,
        year,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        false as is_split,
        false as is_split_frozen,
        origin_rank
    from labelled
    where account = 'territorial'
    union all
    select
        'sectors' as identity,
        region_code,
        region_code as holder_id,
        sector,
        kaya_group,
        method,
        year,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        false as is_split,
        false as is_split_frozen,
        origin_rank
    from labelled
    where account = 'territorial'
    union all
    select
        'industry' as identity,
        region_code,
        region_code as holder_id,
        'industry' as sector,
        kaya_group,
        method,
        year,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        false as is_split,
        false as is_split_frozen,
        origin_rank
    from industrial
    union all
    select
        'divisions' as identity,
        region_code,
        region_code as holder_id,
        industry_code as sector,
        kaya_group,
        method,
        year,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        is_split,
        is_split_frozen,
        split_origin_rank as origin_rank
    from divisions
    union all
    select
        'division' as identity,
        region_code,
        region_code as holder_id,
        industry_code as sector,
        kaya_group,
        method,
        year,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        is_split,
        is_split_frozen,
        split_origin_rank as origin_rank
    from divisions
    union all
    select
        'park' as identity,
        region_code,
        park_id as holder_id,
        'all' as sector,
        kaya_group,
        method,
        year,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        false as is_split,
        false as is_split_frozen,
        origin_rank
    from labelled_parks
    union all
    select
        'park_divisions' as identity,
        region_code,
        park_id as holder_id,
        industry_code as sector,
        kaya_group,
        method,
        year,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        false as is_split,
        false as is_split_frozen,
        origin_rank
    from labelled_parks
    where narrowest_boundary = 'above_size_industry'
    union all
    select
        'enterprise' as identity,
        labelled_parks.region_code,
        labelled_parks.park_id || '/' || labelled_parks.enterprise_id as holder_id,
        labelled_parks.industry_code as sector,
        labelled_parks.kaya_group,
        labelled_parks.method,
        labelled_parks.year,
        labelled_parks.energy_tce,
        labelled_parks.co2_t,
        labelled_parks.base_factor_co2_t,
        labelled_parks.grid_factor_year,
        false as is_split,
        false as is_split_frozen,
        labelled_parks.origin_rank
    from labelled_parks
    inner join enterprises
        on
            labelled_parks.park_id = enterprises.park_id
            and labelled_parks.enterprise_id = enterprises.enterprise_id

),

summed as (

    select
        identity,
        region_code,
        holder_id,
        sector,
        kaya_group,
        method,
        year,
        sum(energy_tce) as energy_tce,
        sum(co2_t) as co2_t,
        sum(base_factor_co2_t) as base_factor_co2_t,
        max(grid_factor_year) as grid_factor_year,
        sum(abs(energy_tce)) as gross_energy_tce,
        sum(abs(co2_t)) as gross_co2_t,
        sum(abs(base_factor_co2_t)) as gross_base_factor_co2_t,
        sum(case when is_split then abs(energy_tce) else 0 end) as split_energy_tce,
        sum(case when is_split_frozen then abs(energy_tce) else 0 end) as frozen_energy_tce,
        max(origin_rank) as origin_rank
    from placed
    group by identity, region_code, holder_id, sector, kaya_group, method, year

),

final as (

    select
        identity,
        region_code,
        holder_id,
        sector,
        kaya_group,
        method,
        year,
        case
            when {{ is_above('abs(energy_tce)', 0, 'gross_energy_tce') }}
                then energy_tce
            else 0
        end as energy_tce,
        case
            when {{ is_above('abs(co2_t)', 0, 'gross_co2_t') }} then co2_t
            else 0
        end as co2_t,
        -- Where the base year has no CO2 to compare with, no change of factors can be told.
        case
            when not {{ is_above('abs(co2_t)', 0, 'gross_co2_t') }} then 0
            when {{ is_above('abs(base_factor_co2_t)', 0, 'gross_base_factor_co2_t') }}
                then base_factor_co2_t
            else co2_t
        end as base_factor_co2_t,
        grid_factor_year,
        gross_energy_tce,
        split_energy_tce,
        frozen_energy_tce,
        origin_rank
    from summed

)

select * from final
-- What is summed from it adds in this order in every run.
order by identity, holder_id, sector, kaya_group, method, year
