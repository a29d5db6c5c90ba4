-- Tests of direct supply: its share in the electricity of the park, and what a shared line uses
-- itself of its generation and load, by the hour where hours are returned.
with electricity as (

    select * from {{ ref('int_park__exchanges_counted') }}
    where carrier = 'electricity'

),

projects as (

    select
        *,
        max(vintage) over (partition by park_id, supply_project, year) as newest_vintage,
        bool_or(hour_of_year is not null) over (
            partition by park_id, supply_project, year, vintage
        ) as has_hours
    from {{ ref('stg_park_returns__direct_supply') }}
    where {{ is_known_vintage('vintage') }}

),

parks as (

    select
        park_id,
        cast(null as {{ type_name('varchar') }}) as supply_project,
        year,
        'direct_supply' as supply_test,
        'year' as time_basis,
        sum(
            case
                when direction = 'purchased' and supply_kind = 'direct_non_fossil' then quantity
                else 0
            end
        )
        / nullif(sum(case direction when 'sold' then -1 else 1 end * quantity), 0)
            as tested_share,
        {{ threshold('direct_supply_share_min') }} as limit_share,
        cast(null as double) as project_generation_mwh,
        cast(null as double) as project_load_mwh,
        cast(null as double) as project_self_used_mwh,
        cast(null as bigint) as hour_count,
        max(origin_rank) as origin_rank
    from electricity
    group by park_id, year

),

projects_summed as (

    select
        park_id,
        supply_project,
        year,
        case when has_hours then 'hour' else 'year' end as time_basis,
        sum(project_generation_mwh) as project_generation_mwh,
        sum(project_load_mwh) as project_load_mwh,
        sum(
            case
                when has_hours then least(project_generation_mwh, project_load_mwh)
                else project_self_used_mwh
            end
        ) as project_self_used_mwh,
        sum(case when has_hours then 1 else 0 end) as hour_count,
        max({{ origin_rank('origin') }}) as origin_rank
    from projects
    where vintage = newest_vintage and (hour_of_year is not null or not has_hours)
    group by park_id, supply_project, year, has_hours

),

united as (

    select * from parks
    union all
    select
        park_id,
        supply_project,
        year,
        'self_used_generation' as supply_test,
        time_basis,
        project_self_used_mwh / nullif(project_generation_mwh, 0) as tested_share,
        {{ threshold('direct_self_used_generation_share_min') }} as limit_share,
        project_generation_mwh,
        project_load_mwh,
        project_self_used_mwh,
        cast(hour_count as bigint) as hour_count,
        origin_rank
    from projects_summed
    union all
    select
        park_id,
        supply_project,
        year,
        'self_used_load' as supply_test,
        time_basis,
        project_self_used_mwh / nullif(project_load_mwh, 0) as tested_share,
        {{ threshold('direct_self_used_load_share_min') }} as limit_share,
        project_generation_mwh,
        project_load_mwh,
        project_self_used_mwh,
        cast(hour_count as bigint) as hour_count,
        origin_rank
    from projects_summed

),

final as (

    select
        park_id,
        supply_project,
        year,
        supply_test,
        time_basis,
        project_generation_mwh,
        project_load_mwh,
        project_self_used_mwh,
        hour_count,
        tested_share,
        limit_share,
        case
            when tested_share is null then 'not_returned'
            when {{ is_below('tested_share', 'limit_share', '1') }} then 'fails'
            else 'meets'
        end as status,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from united

)

select * from final
order by park_id, year, supply_project nulls first, supply_test
