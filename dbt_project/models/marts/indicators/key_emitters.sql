-- The smallest set of enterprises that covers the share of a park's CO2 that a threshold asks for:
-- the largest first. An alert compares an enterprise with itself a year before and with its park;
-- it speaks only where both years have the same factors of the grid and the same share of the
-- enterprise.
with enterprises as (

    select * from {{ ref('enterprise_co2_by_method') }}

),

emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

settings as (

    select
        {{ threshold('key_emitters_share') }} as key_emitters_share,
        {{ threshold('key_emitter_rise_watch') }} as rise_watch,
        {{ threshold('key_emitter_rise_warning') }} as rise_warning

),

grid_years as (

    select
        park_id,
        year,
        method,
        max(grid_factor_year) as grid_factor_year
    from emissions
    group by park_id, year, method

),

summed as (

    select
        park_id,
        enterprise_id,
        year,
        method,
        name_zh,
        industry_code,
        is_within_park,
        is_aggregate,
        rank_in_park,
        sum(co2_t) as co2_t,
        max({{ origin_rank('origin') }}) as origin_rank
    from enterprises
    group by
        park_id, enterprise_id, year, method, name_zh, industry_code, is_within_park,
        is_aggregate, rank_in_park

),

parks as (

    select
        park_id,
        year,
        method,
        sum(co2_t) as park_co2_t
    from summed
    group by park_id, year, method

),

park_changes as (

    select
        parks.park_id,
        parks.year,
        parks.method,
        parks.park_co2_t,
        parks.park_co2_t / nullif(before.park_co2_t, 0) - 1 as park_change_rate
    from parks
    left join parks as before
        on
            parks.park_id = before.park_id
            and parks.method = before.method
            and parks.year = before.year + 1

),

ranked as (

    select
        summed.*,
        park_changes.park_co2_t,
        park_changes.park_change_rate,
        members.member_share,
        grid_years.grid_factor_year,
        sum(summed.co2_t) over (
            partition by summed.park_id, summed.year, summed.method
            order by summed.rank_in_park
            rows between unbounded preceding and current row
        ) as covered_co2_t
    from summed
    inner join park_changes
        on
            summed.park_id = park_changes.park_id
            and summed.year = park_changes.year
            and summed.method = park_changes.method
    inner join members
        on
            summed.park_id = members.park_id
            and summed.enterprise_id = members.enterprise_id
            and summed.year = members.year
    left join grid_years
        on
            summed.park_id = grid_years.park_id
            and summed.year = grid_years.year
            and summed.method = grid_years.method
    where not summed.is_aggregate and summed.co2_t > 0

),

-- An enterprise is in the set while those before it do not cover the share.
judged as (

    select
        ranked.*,
        {{ is_below(
            'ranked.covered_co2_t - ranked.co2_t',
            'settings.key_emitters_share * ranked.park_co2_t',
            'abs(ranked.park_co2_t)'
        ) }} as is_in_set
    from ranked
    cross join settings

),

paired as (

    select
        judged.*,
        before.year as year_before,
        before.is_in_set as was_in_set,
        judged.co2_t / nullif(before.co2_t, 0) - 1 as co2_change_rate,
        case
            when before.year is null then 'not_held'
            when before.grid_factor_year <> judged.grid_factor_year then 'two_grid_factors'
            when before.member_share <> judged.member_share then 'two_shares'
        end as refusal
    from judged
    left join judged as before
        on
            judged.park_id = before.park_id
            and judged.enterprise_id = before.enterprise_id
            and judged.method = before.method
            and judged.year = before.year + 1

),

trends as (

    select
        *,
        min(case when refusal is null then co2_change_rate end) over years as lowest_rate,
        max(case when refusal is null then co2_change_rate end) over years as highest_rate
    from paired
    window years as (
        partition by park_id, enterprise_id, method order by year
        rows between unbounded preceding and current row
    )

),

reasons as (

    select
        trends.*,
        case
            when trends.refusal is not null then trends.refusal
            when trends.co2_change_rate >= settings.rise_warning then 'rises_steeply'
            when
                trends.co2_change_rate >= settings.rise_watch
                and trends.park_change_rate < 0
                then 'rises_while_park_falls'
            when trends.co2_change_rate >= settings.rise_watch then 'rises'
            when not trends.was_in_set then 'new_in_set'
        end as reason
    from trends
    cross join settings
    where trends.is_in_set

),

final as (

    select
        park_id,
        year,
        method,
        enterprise_id,
        name_zh,
        industry_code,
        is_within_park,
        rank_in_park,
        co2_t,
        co2_t / nullif(park_co2_t, 0) as co2_share,
        covered_co2_t / nullif(park_co2_t, 0) as covered_share,
        case when refusal is null then co2_change_rate end as co2_change_rate,
        case when refusal is null then park_change_rate end as park_change_rate,
        case
            when lowest_rate is null then 'not_known'
            when lowest_rate > 0 then 'rising'
            when highest_rate < 0 then 'falling'
            else 'mixed'
        end as trend,
        case
            when refusal is not null then 'no_basis'
            when reason in ('rises_steeply', 'rises_while_park_falls') then 'warning'
            when reason is not null then 'watch'
            else 'none'
        end as alert,
        reason,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from reasons

)

select * from final
order by park_id, year, method, rank_in_park
