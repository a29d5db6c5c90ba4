-- CO2 of a park by group of fuels: share, rank, and whether the share rose or fell in every year of
-- the period.
with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

fuels as (

    select * from {{ ref('fuels') }}

),

labels as (

    select * from {{ ref('fuel_group_labels') }}

),

grouped as (

    select
        emissions.park_id,
        emissions.year,
        emissions.method,
        fuels.fuel_group,
        sum(emissions.co2_t) as co2_t,
        min(emissions.fuel_code) = max(emissions.fuel_code) as is_one_fuel,
        min(fuels.name_zh) as fuel_name_zh
    from emissions
    inner join fuels on emissions.fuel_code = fuels.fuel_code
    group by emissions.park_id, emissions.year, emissions.method, fuels.fuel_group

),

shares as (

    select
        *,
        co2_t / nullif(sum(co2_t) over (
            partition by park_id, year, method
            order by fuel_group
            rows between unbounded preceding and unbounded following
        ), 0) as co2_share,
        row_number() over (
            partition by park_id, year, method
            order by {{ tie_value('co2_t', 'co2_t') }} desc, fuel_group asc
        ) as source_rank
    from grouped

),

changes as (

    select
        *,
        co2_share - lag(co2_share) over (
            partition by park_id, method, fuel_group order by year
        ) as share_change
    from shares

),

final as (

    select
        changes.park_id,
        changes.year,
        changes.method,
        changes.fuel_group,
        labels.label_zh,
        labels.label_en,
        case when changes.is_one_fuel then changes.fuel_name_zh else labels.label_zh end
            as source_name_zh,
        changes.co2_t,
        changes.co2_share,
        changes.source_rank,
        case
            when
                min(changes.share_change) over (
                    partition by changes.park_id, changes.method, changes.fuel_group
                    order by changes.year
                ) > 0
                then 'rising'
            when
                max(changes.share_change) over (
                    partition by changes.park_id, changes.method, changes.fuel_group
                    order by changes.year
                ) < 0
                then 'falling'
            else 'mixed'
        end as trend
    from changes
    inner join labels on changes.fuel_group = labels.fuel_group

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year, method, fuel_group
