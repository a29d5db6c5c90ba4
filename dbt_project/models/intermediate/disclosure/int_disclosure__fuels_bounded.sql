-- What energy by industry and the CO2 of the park together say of the energy of an industry by
-- fuel: the least and the most that it may be. The CO2 of an industry is what is left of the
-- park's when the others have the least or the most CO2 that their energy allows. An industry that
-- is not published is one with the others that are not. Exact, for energies above zero: a linear
-- programme with two constraints has its optimum at two fuels.
with contributions as (

    select * from {{ ref('int_disclosure__contributions_united') }}

),

cells as (

    select * from {{ ref('int_disclosure__cells_judged') }}

),

-- Only parks both of whose totals would be published.
parks as (

    select
        park_id,
        year,
        sum(case when indicator = 'co2_t' then cell_value end) as park_co2_t
    from cells
    where industry_code is null and suppression = 'none'
    group by park_id, year
    having count(*) = 2

),

industries as (

    select * from cells
    where industry_code is not null

),

summed as (

    select
        park_id,
        year,
        industry_code,
        fuel_code,
        sum(energy_tce) as energy_tce,
        sum(co2_t) as co2_t,
        min(energy_tce) as least_energy_tce
    from contributions
    group by park_id, year, industry_code, fuel_code

),

ranked as (

    {{ contributions_ranked(
        'contributions', ['park_id', 'year', 'industry_code', 'fuel_code'], 'energy_tce'
    ) }}

),

fuels as (

    select
        summed.park_id,
        summed.year,
        summed.industry_code,
        summed.fuel_code,
        summed.energy_tce,
        -- The method counts none.
        coalesce(summed.co2_t, 0) as co2_t,
        parks.park_co2_t,
        case
            when industries.suppression = 'none' then summed.industry_code else ''
        end as system_code,
        -- Something that goes out, or CO2 without energy: no bound is worked out, see is_bounded.
        coalesce(summed.energy_tce > 0 and summed.least_energy_tce >= 0, false) as is_positive,
        ranked.largest_contribution,
        ranked.second_contribution,
        coalesce(
            {{ is_sensitive(
                'ranked.contributor_count', 'ranked.absolute_value',
                'ranked.largest_contribution', 'ranked.second_contribution'
            ) }},
            true
        ) as is_sensitive
    from summed
    inner join parks on summed.park_id = parks.park_id and summed.year = parks.year
    left join industries
        on
            summed.park_id = industries.park_id
            and summed.year = industries.year
            and summed.industry_code = industries.industry_code
    left join ranked
        on
            summed.park_id = ranked.park_id
            and summed.year = ranked.year
            and summed.industry_code = ranked.industry_code
            and summed.fuel_code = ranked.fuel_code
    -- What neither uses energy nor emits tells nothing.
    where summed.energy_tce <> 0 or summed.co2_t <> 0

),

ratios as (

    select
        *,
        bool_and(is_positive) over (partition by park_id, year) as is_bounded,
        co2_t / nullif(energy_tce, 0) as co2_t_per_tce,
        sum(energy_tce) over (
            partition by park_id, year, system_code
            order by industry_code, fuel_code
            rows between unbounded preceding and unbounded following
        ) as system_energy_tce,
        row_number() over (
            partition by park_id, year, system_code
            order by
                {{ tie_value(
                    'co2_t / nullif(energy_tce, 0)', 'co2_t / nullif(energy_tce, 0)'
                ) }} asc,
                industry_code asc,
                fuel_code asc
        ) as place_from_least,
        row_number() over (
            partition by park_id, year, system_code
            order by
                {{ tie_value(
                    'co2_t / nullif(energy_tce, 0)', 'co2_t / nullif(energy_tce, 0)'
                ) }} desc,
                industry_code desc,
                fuel_code desc
        ) as place_from_most
    from fuels

),

ends as (

    select
        park_id,
        year,
        system_code,
        max(system_energy_tce) as energy_tce,
        max(case when place_from_least = 1 then co2_t_per_tce end) as least,
        max(case when place_from_least = 2 then co2_t_per_tce end) as second_least,
        max(case when place_from_most = 1 then co2_t_per_tce end) as most,
        max(case when place_from_most = 2 then co2_t_per_tce end) as second_most
    from ratios
    where is_bounded
    group by park_id, year, system_code

),

ranges as (

    select
        *,
        sum(energy_tce * least) over (
            partition by park_id, year order by system_code
            rows between unbounded preceding and unbounded following
        ) as park_least,
        sum(energy_tce * most) over (
            partition by park_id, year order by system_code
            rows between unbounded preceding and unbounded following
        ) as park_most
    from ends

),

bounded as (

    select
        ratios.park_id,
        ratios.year,
        ratios.industry_code,
        ratios.fuel_code,
        ratios.system_code,
        ratios.energy_tce,
        ratios.co2_t,
        ratios.co2_t_per_tce,
        ratios.park_co2_t,
        ratios.is_sensitive,
        ratios.is_bounded,
        ratios.largest_contribution,
        ratios.second_contribution,
        ranges.energy_tce as system_energy_tce,
        ranges.least,
        ranges.most,
        case
            when ratios.place_from_least = 1 then ranges.second_least else ranges.least
        end as others_least,
        case
            when ratios.place_from_most = 1 then ranges.second_most else ranges.most
        end as others_most,
        greatest(
            ranges.least,
            (ratios.park_co2_t - (ranges.park_most - ranges.energy_tce * ranges.most))
            / ranges.energy_tce
        ) as ratio_from,
        least(
            ranges.most,
            (ratios.park_co2_t - (ranges.park_least - ranges.energy_tce * ranges.least))
            / ranges.energy_tce
        ) as ratio_to
    from ratios
    left join ranges
        on
            ratios.park_id = ranges.park_id
            and ratios.year = ranges.year
            and ratios.system_code = ranges.system_code

),

final as (

    select
        park_id,
        year,
        industry_code,
        fuel_code,
        system_code,
        energy_tce,
        co2_t_per_tce,
        is_sensitive,
        is_bounded,
        largest_contribution,
        second_contribution,
        case
            when not is_bounded then null
            when others_least is null then system_energy_tce
            when ratio_from > others_most
                then
                    system_energy_tce * (ratio_from - others_most)
                    / nullif(co2_t_per_tce - others_most, 0)
            when ratio_to < others_least
                then
                    system_energy_tce * (others_least - ratio_to)
                    / nullif(others_least - co2_t_per_tce, 0)
            else 0
        end as least_tce,
        case
            when not is_bounded then null
            when co2_t_per_tce < ratio_from
                then
                    system_energy_tce * (most - ratio_from) / nullif(most - co2_t_per_tce, 0)
            when co2_t_per_tce > ratio_to
                then
                    system_energy_tce * (ratio_to - least) / nullif(co2_t_per_tce - least, 0)
            else system_energy_tce
        end as most_tce
    from bounded

)

select * from final
