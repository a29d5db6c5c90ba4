-- What parks are typed by: output of two-high industries, coal and coke, electricity and heat; each
-- also as standard score over the parks of the year.
with industry_energy as (

    select * from {{ ref('int_park__industry_energy') }}

),

facts as (

    select * from {{ ref('int_park__facts_latest') }}
    where boundary = 'above_size_industry'

),

features as (

    select
        industry_energy.park_id,
        industry_energy.year,
        facts.two_high_output_10k_cny / nullif(facts.industrial_output_10k_cny, 0)
            as two_high_output_share,
        (industry_energy.coal_tce + industry_energy.coke_tce)
        / nullif(industry_energy.energy_tce, 0) as coal_coke_share,
        (industry_energy.electricity_tce + industry_energy.heat_tce)
        / nullif(industry_energy.energy_tce, 0) as electricity_heat_share,
        greatest(
            industry_energy.origin_rank,
            coalesce(facts.origin_rank, industry_energy.origin_rank)
        ) as origin_rank
    from industry_energy
    left join facts
        on industry_energy.park_id = facts.park_id and industry_energy.year = facts.year

),

-- Only parks with all three can be compared.
complete as (

    select
        *,
        two_high_output_share is not null
        and coal_coke_share is not null
        and electricity_heat_share is not null as is_complete
    from features

),

spread as (

    select
        year,
        is_complete,
        avg(two_high_output_share) as two_high_mean,
        stddev_pop(two_high_output_share) as two_high_deviation,
        avg(coal_coke_share) as coal_mean,
        stddev_pop(coal_coke_share) as coal_deviation,
        avg(electricity_heat_share) as electricity_mean,
        stddev_pop(electricity_heat_share) as electricity_deviation
    from complete
    group by year, is_complete

),

final as (

    select
        complete.park_id,
        complete.year,
        complete.two_high_output_share,
        complete.coal_coke_share,
        complete.electricity_heat_share,
        complete.is_complete,
        case
            when complete.is_complete
                then
                    (complete.two_high_output_share - spread.two_high_mean)
                    / nullif(spread.two_high_deviation, 0)
        end as two_high_score,
        case
            when complete.is_complete
                then
                    (complete.coal_coke_share - spread.coal_mean)
                    / nullif(spread.coal_deviation, 0)
        end as coal_score,
        case
            when complete.is_complete
                then
                    (complete.electricity_heat_share - spread.electricity_mean)
                    / nullif(spread.electricity_deviation, 0)
        end as electricity_score,
        complete.origin_rank
    from complete
    inner join spread
        on complete.year = spread.year and complete.is_complete = spread.is_complete

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year
