-- One row per entity, identity, method, year, price basis, sector and fuel group, every sector and
-- fuel group in every year: with the activity, energy and CO2 that factors are made of. A structure
-- between divisions is frozen by the share of the energy that is split between them, however much
-- is burnt for power and heat besides; an entity without structure by the share of all its energy.
with energy_grouped as (

    select * from {{ ref('int_drivers__energy_grouped') }}

),

refusals as (

    select distinct
        region_code,
        year,
        method
    from {{ ref('int_co2__refusals_counted') }}

),

-- A year that lacks what the landing refused would look like a fall.
energy as (

    select energy_grouped.*
    from energy_grouped
    left join refusals
        on
            energy_grouped.holder_id = refusals.region_code
            and energy_grouped.year = refusals.year
            and energy_grouped.method = refusals.method
    where refusals.region_code is null

),

identities as (

    select * from {{ ref('decomposition_identities') }}

),

kaya_sectors as (

    select distinct
        sector,
        activity_indicator
    from {{ ref('kaya_sectors') }}

),

economy as (

    select * from {{ ref('int_economy__values_compared') }}

),

deflators as (

    select * from {{ ref('int_economy__deflators_derived') }}

),

park_facts as (

    select * from {{ ref('int_park__facts_latest') }}

),

parks as (

    select * from {{ ref('parks') }}

),

-- Of a region, what the economy models say of it: two years compare where `series_key` is one.
region_activities as (

    select
        region_code as holder_id,
        year,
        indicator,
        'current' as price_basis,
        value_10k_cny,
        edition_key as series_key,
        printed_origin_rank as origin_rank
    from economy
    where value_10k_cny is not null
    union all
    select
        region_code as holder_id,
        year,
        indicator,
        'constant_{{ var("price_base_year") }}' as price_basis,
        constant_10k_cny as value_10k_cny,
        series_key,
        origin_rank
    from economy
    where constant_10k_cny is not null

),

-- Product of a whole zone; value added of the industry above size of a park. What a park returns is
-- one series; it has no volume index, so the price of product of its region stands for its own.
park_activities as (

    select
        parks.region_code,
        park_facts.park_id as holder_id,
        park_facts.year,
        'gdp' as indicator,
        park_facts.gdp_10k_cny as value_10k_cny,
        {{ origin_rank('park_facts.origin') }} as origin_rank
    from park_facts
    inner join parks on park_facts.park_id = parks.park_id
    where park_facts.boundary = 'whole_zone' and park_facts.gdp_10k_cny is not null
    union all
    select
        parks.region_code,
        park_facts.park_id as holder_id,
        park_facts.year,
        'industrial_value_added' as indicator,
        park_facts.industrial_value_added_10k_cny as value_10k_cny,
        {{ origin_rank('park_facts.origin') }} as origin_rank
    from park_facts
    inner join parks on park_facts.park_id = parks.park_id
    where
        park_facts.boundary = 'above_size_industry'
        and park_facts.industrial_value_added_10k_cny is not null

),

united_activities as (

    select * from region_activities
    union all
    select
        holder_id,
        year,
        indicator,
        'current' as price_basis,
        value_10k_cny,
        'returns' as series_key,
        origin_rank
    from park_activities
    union all
    select
        park_activities.holder_id,
        park_activities.year,
        park_activities.indicator,
        'constant_{{ var("price_base_year") }}' as price_basis,
        park_activities.value_10k_cny / nullif(deflators.deflator, 0) as value_10k_cny,
        'returns' as series_key,
        greatest(park_activities.origin_rank, deflators.origin_rank) as origin_rank
    from park_activities
    inner join deflators
        on
            park_activities.region_code = deflators.region_code
            and park_activities.year = deflators.year

),

-- Current prices only of what has no constant ones, unless var with_current_prices asks.
with_constant as (

    select distinct
        holder_id,
        indicator
    from united_activities
    where price_basis <> 'current'

),

activities as (

    select united_activities.*
    from united_activities
    left join with_constant
        on
            united_activities.holder_id = with_constant.holder_id
            and united_activities.indicator = with_constant.indicator
    where
        united_activities.price_basis <> 'current'
        or with_constant.holder_id is null
        or {{ var('with_current_prices') }}

),

-- Said of the activity, so that the join to it is by equality.
sector_activities as (

    select
        *,
        'value_added' as structure_by
    from activities

),

-- Entities: a region under an identity, or one division of it.
entities as (

    select
        energy.*,
        identities.entity_type,
        identities.activity_indicator,
        identities.structure_by,
        case
            when identities.entity_type = 'industry'
                then energy.holder_id || identities.entity_suffix || energy.sector
            else energy.holder_id || coalesce(identities.entity_suffix, '')
        end as entity
    from energy
    inner join identities on energy.identity = identities.identity

),

-- The years in which an entity has its activity at all.
years as (

    select distinct
        entities.entity_type,
        entities.entity,
        entities.region_code,
        entities.holder_id,
        entities.identity,
        entities.method,
        entities.year,
        entities.structure_by,
        activities.price_basis,
        activities.value_10k_cny as activity_10k_cny,
        activities.series_key as activity_key,
        activities.origin_rank as activity_origin_rank
    from entities
    inner join activities
        on
            entities.holder_id = activities.holder_id
            and entities.year = activities.year
            and entities.activity_indicator = activities.indicator
    union all
    select distinct
        entity_type,
        entity,
        region_code,
        holder_id,
        identity,
        method,
        year,
        structure_by,
        'none' as price_basis,
        cast(null as double) as activity_10k_cny,
        'none' as activity_key,
        1 as activity_origin_rank
    from entities
    where activity_indicator = 'none'

),

parts as (

    select distinct
        entity,
        method,
        sector,
        kaya_group
    from entities

),

grid as (

    select
        years.*,
        parts.sector,
        parts.kaya_group
    from years
    inner join parts on years.entity = parts.entity and years.method = parts.method

),

filled as (

    select
        grid.entity_type,
        grid.entity,
        grid.region_code,
        grid.identity,
        grid.method,
        grid.year,
        grid.price_basis,
        grid.sector,
        grid.kaya_group,
        grid.structure_by,
        grid.activity_10k_cny,
        activities.value_10k_cny as sector_activity_10k_cny,
        grid.activity_key,
        activities.series_key as sector_activity_key,
        case
            when grid.structure_by = 'value_added'
                then coalesce(kaya_sectors.activity_indicator, 'none')
        end as sector_indicator,
        coalesce(entities.energy_tce, 0) as energy_tce,
        coalesce(entities.co2_t, 0) as co2_t,
        coalesce(entities.base_factor_co2_t, 0) as base_factor_co2_t,
        entities.grid_factor_year,
        entities.frozen_energy_tce,
        case
            when grid.structure_by = 'energy' then entities.split_energy_tce
            else entities.gross_energy_tce
        end as splittable_energy_tce,
        greatest(entities.origin_rank, grid.activity_origin_rank) as origin_rank
    from grid
    left join entities
        on
            grid.entity = entities.entity
            and grid.method = entities.method
            and grid.year = entities.year
            and grid.sector = entities.sector
            and grid.kaya_group = entities.kaya_group
    left join kaya_sectors on grid.sector = kaya_sectors.sector
    left join sector_activities as activities
        on
            grid.structure_by = activities.structure_by
            and grid.holder_id = activities.holder_id
            and grid.year = activities.year
            and grid.price_basis = activities.price_basis
            and kaya_sectors.activity_indicator = activities.indicator

),

-- What is said of all sectors of a year. A year in which the value added of a sector is not printed
-- has no split to speak of.
complete as (

    select
        entity,
        method,
        year,
        price_basis,
        min(sector_activity_key) as first_sector_key,
        max(sector_activity_key) as last_sector_key,
        max(grid_factor_year) as grid_factor_year,
        sum(frozen_energy_tce) / nullif(sum(splittable_energy_tce), 0) as frozen_share,
        max(origin_rank) as origin_rank
    from filled
    group by entity, method, year, price_basis
    having
        count(
            case
                when sector_indicator <> 'none' and sector_activity_10k_cny is null then 1
            end
        ) = 0

),

final as (

    select
        filled.entity_type,
        filled.entity,
        filled.region_code,
        filled.identity,
        filled.method,
        filled.year,
        filled.price_basis,
        filled.sector,
        filled.kaya_group,
        filled.structure_by,
        filled.activity_10k_cny,
        filled.sector_activity_10k_cny,
        filled.activity_key
        || coalesce('|' || complete.first_sector_key, '')
        || coalesce('|' || complete.last_sector_key, '') as series_key,
        filled.energy_tce,
        filled.co2_t,
        filled.base_factor_co2_t,
        complete.grid_factor_year,
        coalesce(complete.frozen_share > {{ threshold('frozen_energy_share_max') }}, false)
            as is_split_frozen,
        complete.origin_rank
    from filled
    inner join complete
        on
            filled.entity = complete.entity
            and filled.method = complete.method
            and filled.year = complete.year
            and filled.price_basis = complete.price_basis

)

select * from final
-- What is summed from it adds in this order in every run.
order by entity, method, year, price_basis, sector, kaya_group
