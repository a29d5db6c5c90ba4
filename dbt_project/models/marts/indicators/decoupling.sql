-- Tapio's elasticity of CO2 to activity over two years, and the state it falls into, over the
-- years that the decompositions compare. Activities of two editions or series do not compare, nor
-- does CO2 with grid factors of two data years: what needs their change is null, with a `refusal`.
with activities as (

    select * from {{ ref('int_drivers__activities_united') }}
    where structure_by = 'none' and activity_10k_cny is not null

),

tapio_states as (

    select * from {{ ref('tapio_states') }}

),

decomposition_periods as (

    select * from {{ ref('decomposition_periods') }}

),

yearly as (

    select
        entity_type,
        entity,
        region_code,
        identity,
        method,
        price_basis,
        year,
        activity_10k_cny,
        series_key,
        sum(energy_tce) as energy_tce,
        sum(co2_t) as co2_t,
        max(grid_factor_year) as grid_factor_year,
        max(origin_rank) as origin_rank
    from activities
    group by
        entity_type, entity, region_code, identity, method, price_basis, year, activity_10k_cny,
        series_key

),

spans as (

    {{ compared_years('yearly', 'decomposition_periods') | indent }}
),

changes as (

    select
        first_year.entity_type,
        first_year.entity,
        first_year.region_code,
        first_year.identity,
        first_year.method,
        first_year.price_basis,
        spans.year_from,
        spans.year_to,
        case
            when first_year.series_key <> last_year.series_key then 'two_editions'
            when first_year.grid_factor_year <> last_year.grid_factor_year
                then 'two_grid_factors'
        end as refusal,
        case
            when first_year.series_key = last_year.series_key
                then first_year.activity_10k_cny / nullif(first_year.co2_t, 0)
        end as productivity_start,
        case
            when first_year.series_key = last_year.series_key
                then last_year.activity_10k_cny / nullif(last_year.co2_t, 0)
        end as productivity_end,
        case
            when first_year.series_key = last_year.series_key
                then last_year.activity_10k_cny / nullif(first_year.activity_10k_cny, 0) - 1
        end as activity_change_rate,
        last_year.energy_tce / nullif(first_year.energy_tce, 0) - 1 as energy_change_rate,
        case
            when coalesce(first_year.grid_factor_year = last_year.grid_factor_year, true)
                then last_year.co2_t / nullif(first_year.co2_t, 0) - 1
        end as co2_change_rate,
        greatest(first_year.origin_rank, last_year.origin_rank, 2) as origin_rank
    from spans
    inner join yearly as first_year
        on
            spans.entity = first_year.entity
            and spans.method = first_year.method
            and spans.price_basis = first_year.price_basis
            and spans.year_from = first_year.year
    inner join yearly as last_year
        on
            spans.entity = last_year.entity
            and spans.method = last_year.method
            and spans.price_basis = last_year.price_basis
            and spans.year_to = last_year.year
    where spans.year_from < spans.year_to

),

-- CO2 that does not change counts with what does not decouple strongly: weak, in either direction.
directed as (

    select
        *,
        co2_change_rate / nullif(activity_change_rate, 0) as elasticity,
        co2_change_rate / nullif(energy_change_rate, 0) as co2_energy_elasticity,
        energy_change_rate / nullif(activity_change_rate, 0) as energy_activity_elasticity,
        case
            when activity_change_rate > 0 then 'up'
            when activity_change_rate < 0 then 'down'
        end as activity_direction,
        case
            when co2_change_rate > 0 then 'up'
            when co2_change_rate < 0 then 'down'
            when co2_change_rate = 0 and activity_change_rate > 0 then 'up'
            when co2_change_rate = 0 and activity_change_rate < 0 then 'down'
        end as emission_direction
    from changes

),

matched as (

    select
        directed.entity,
        directed.method,
        directed.price_basis,
        directed.year_from,
        directed.year_to,
        tapio_states.state
    from directed
    inner join tapio_states
        on
            directed.activity_direction = tapio_states.activity_direction
            and directed.emission_direction = tapio_states.emission_direction
            and (
                tapio_states.elasticity_from is null
                or {{ is_above('directed.elasticity', 'tapio_states.elasticity_from', 1) }}
                or (
                    tapio_states.includes_from
                    and not {{ is_below('directed.elasticity', 'tapio_states.elasticity_from', 1) }}
                )
            )
            and (
                tapio_states.elasticity_to is null
                or {{ is_below('directed.elasticity', 'tapio_states.elasticity_to', 1) }}
                or (
                    tapio_states.includes_to
                    and not {{ is_above('directed.elasticity', 'tapio_states.elasticity_to', 1) }}
                )
            )

),

final as (

    select
        directed.entity_type,
        directed.entity,
        directed.region_code,
        case when directed.entity_type = 'park' then directed.entity end as park_id,
        directed.identity,
        cast(directed.year_from as {{ type_name('varchar') }}) || '-'
        || cast(directed.year_to as {{ type_name('varchar') }}) as period,
        directed.year_from,
        directed.year_to,
        directed.method,
        directed.price_basis,
        directed.activity_change_rate,
        directed.energy_change_rate,
        directed.co2_change_rate,
        directed.elasticity,
        coalesce(matched.state, 'undefined') as state,
        directed.co2_energy_elasticity,
        directed.energy_activity_elasticity,
        directed.productivity_start as carbon_productivity_start_10k_cny_per_t,
        directed.productivity_end as carbon_productivity_end_10k_cny_per_t,
        case
            when directed.refusal is null
                then directed.productivity_end / nullif(directed.productivity_start, 0) - 1
        end as carbon_productivity_change_rate,
        directed.refusal,
        {{ origin_of_rank('directed.origin_rank') }} as origin
    from directed
    left join matched
        on
            directed.entity = matched.entity
            and directed.method = matched.method
            and directed.price_basis = matched.price_basis
            and directed.year_from = matched.year_from
            and directed.year_to = matched.year_to

)

select * from final
order by entity, method, price_basis, year_from, year_to
