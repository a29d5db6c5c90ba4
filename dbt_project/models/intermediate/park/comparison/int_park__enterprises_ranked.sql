-- What each enterprise uses and emits by method, and its place in its park.
with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

energy as (

    select * from {{ ref('int_park__energy_counted') }}

),

-- A method without rules for parks counts none.
methods as (

    select distinct method
    from {{ ref('park_counting_rules') }}

),

units as (

    select * from {{ ref('int_park__units') }}

),

emitted as (

    select
        park_id,
        enterprise_id,
        year,
        method,
        scope,
        sum(co2_t) as co2_t,
        sum(co2e_t) as co2e_t,
        max(greatest(origin_rank, factor_origin_rank)) as origin_rank
    from emissions
    group by park_id, enterprise_id, year, method, scope

),

-- Fuels belong to scope 1, electricity and heat to scope 2, whether or not the method counts it.
used as (

    select
        park_id,
        enterprise_id,
        year,
        case when fuel_group in ('electricity', 'heat') then '2' else '1' end as scope,
        sum(coal_t) as coal_t,
        sum(energy_tce) as energy_tce,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from energy
    group by
        park_id,
        enterprise_id,
        year,
        case when fuel_group in ('electricity', 'heat') then '2' else '1' end

),

joined as (

    select
        used.park_id,
        used.enterprise_id,
        used.year,
        methods.method,
        used.scope,
        used.coal_t,
        used.energy_tce,
        used.source_id,
        units.name_zh,
        units.industry_code,
        units.is_aggregate,
        units.narrowest_boundary,
        emitted.co2_t,
        emitted.co2e_t,
        greatest(used.origin_rank, emitted.origin_rank) as origin_rank
    from used
    cross join methods
    inner join units
        on used.park_id = units.park_id and used.enterprise_id = units.enterprise_id
    left join emitted
        on
            used.park_id = emitted.park_id
            and used.enterprise_id = emitted.enterprise_id
            and used.year = emitted.year
            and methods.method = emitted.method
            and used.scope = emitted.scope

),

totals as (

    select
        park_id,
        enterprise_id,
        year,
        method,
        is_aggregate,
        sum(co2_t) as enterprise_co2_t
    from joined
    group by park_id, enterprise_id, year, method, is_aggregate

),

-- Aggregates such as households take no part in the rank of enterprises.
ranked as (

    select
        *,
        sum(enterprise_co2_t) over (
            partition by park_id, year, method
            order by enterprise_id
            rows between unbounded preceding and unbounded following
        ) as park_co2_t,
        case
            when not is_aggregate
                then row_number() over (
                    partition by park_id, year, method, is_aggregate
                    order by
                        {{ tie_value('enterprise_co2_t', 'enterprise_co2_t') }} desc nulls last,
                        enterprise_id asc
                )
        end as rank_in_park
    from totals

),

final as (

    select
        joined.park_id,
        joined.enterprise_id,
        joined.year,
        joined.method,
        joined.scope,
        joined.name_zh,
        joined.industry_code,
        joined.narrowest_boundary,
        joined.is_aggregate,
        joined.co2_t,
        joined.co2e_t,
        joined.coal_t,
        joined.energy_tce,
        joined.co2_t / nullif(ranked.park_co2_t, 0) as co2_share,
        cast(ranked.rank_in_park as integer) as rank_in_park,
        joined.origin_rank,
        joined.source_id
    from joined
    inner join ranked
        on
            joined.park_id = ranked.park_id
            and joined.enterprise_id = ranked.enterprise_id
            and joined.year = ranked.year
            and joined.method = ranked.method

)

select * from final
