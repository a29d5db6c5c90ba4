-- Whether pollution and carbon fall together: each pollutant of a park, and all that have an air
-- equivalent together, between two years that were returned, beside CO2 of the same boundary.
with park_year as (

    {{ park_years_judged() | indent }}

),

returned as (

    {{ latest_edition(
        ref('stg_park_returns__pollutants'), ['park_id', 'year', 'boundary', 'pollutant']
    ) | indent }}

),

equivalents as (

    select * from {{ ref('pollutant_equivalents') }}

),

states as (

    select * from {{ ref('synergy_states') }}

),

standards as (

    select * from {{ ref('standards') }}

),

grid_years as (

    select
        park_id,
        year,
        method,
        max(grid_factor_year) as grid_factor_year
    from {{ ref('int_co2__emissions_calculated') }}
    where park_id is not null
    group by park_id, year, method

),

carbon as (

    select
        park_year.park_id,
        park_year.year,
        park_year.above_size_co2_t,
        case when park_year.co2_boundary = 'whole_zone' then park_year.co2_t end
            as whole_zone_co2_t,
        grid_years.grid_factor_year,
        {{ origin_rank('park_year.origin') }} as origin_rank
    from park_year
    left join grid_years
        on
            park_year.park_id = grid_years.park_id
            and park_year.year = grid_years.year
            and park_year.default_method = grid_years.method

),

emissions as (

    select
        returned.park_id,
        returned.boundary,
        returned.pollutant,
        returned.year,
        returned.emission_t,
        equivalents.medium,
        returned.emission_t / {{ constant('t_per_kg') }} / nullif(equivalents.equivalent_kg, 0)
            as equivalent_count,
        case returned.boundary
            when 'above_size_industry' then carbon.above_size_co2_t
            when 'whole_zone' then carbon.whole_zone_co2_t
        end as co2_t,
        carbon.grid_factor_year,
        greatest(2, {{ origin_rank('returned.origin') }}, carbon.origin_rank) as origin_rank
    from returned
    left join equivalents on returned.pollutant = equivalents.pollutant
    left join carbon
        on returned.park_id = carbon.park_id and returned.year = carbon.year

),

ordered as (

    select
        *,
        lag(year) over whole_series as previous_year,
        min(year) over whole_series_unordered as first_year,
        max(year) over whole_series_unordered as last_year
    from emissions
    window
        whole_series as (partition by park_id, boundary, pollutant order by year),
        whole_series_unordered as (partition by park_id, boundary, pollutant)

),

-- From each year that was returned to the next, and from the first to the last.
periods as (

    select
        park_id,
        boundary,
        pollutant,
        previous_year as year_from,
        year as year_to
    from ordered
    where previous_year is not null
    union
    select
        park_id,
        boundary,
        pollutant,
        first_year as year_from,
        last_year as year_to
    from ordered
    where first_year < last_year

),

paired as (

    select
        periods.park_id,
        periods.boundary,
        periods.pollutant,
        periods.year_from,
        periods.year_to,
        starts.medium,
        starts.emission_t as emission_start_t,
        ends.emission_t as emission_end_t,
        starts.equivalent_count as equivalents_start,
        ends.equivalent_count as equivalents_end,
        starts.co2_t as co2_start_t,
        ends.co2_t as co2_end_t,
        case
            when starts.co2_t is null or ends.co2_t is null then 'co2_missing'
            when starts.grid_factor_year <> ends.grid_factor_year then 'two_grid_factors'
        end as carbon_refusal,
        greatest(starts.origin_rank, ends.origin_rank) as origin_rank
    from periods
    inner join emissions as starts
        on
            periods.park_id = starts.park_id
            and periods.boundary = starts.boundary
            and periods.pollutant = starts.pollutant
            and periods.year_from = starts.year
    inner join emissions as ends
        on
            periods.park_id = ends.park_id
            and periods.boundary = ends.boundary
            and periods.pollutant = ends.pollutant
            and periods.year_to = ends.year

),

in_order as (

    select * from paired
    where medium = 'air' and equivalents_start is not null and equivalents_end is not null
    order by park_id, boundary, year_from, year_to, pollutant

),

united as (

    select
        park_id,
        boundary,
        year_from,
        year_to,
        pollutant,
        1 as pollutant_count,
        emission_start_t,
        emission_end_t,
        equivalents_start,
        equivalents_end,
        emission_start_t as pollution_start,
        emission_end_t as pollution_end,
        co2_start_t,
        co2_end_t,
        carbon_refusal,
        origin_rank
    from paired
    union all
    select
        park_id,
        boundary,
        year_from,
        year_to,
        'air_equivalents' as pollutant,
        count(*) as pollutant_count,
        null as emission_start_t,
        null as emission_end_t,
        sum(equivalents_start) as equivalents_start,
        sum(equivalents_end) as equivalents_end,
        sum(equivalents_start) as pollution_start,
        sum(equivalents_end) as pollution_end,
        max(co2_start_t) as co2_start_t,
        max(co2_end_t) as co2_end_t,
        max(carbon_refusal) as carbon_refusal,
        max(origin_rank) as origin_rank
    from in_order
    group by park_id, boundary, year_from, year_to

),

changed as (

    select
        *,
        coalesce(
            carbon_refusal,
            case
                when pollution_start is null or pollution_end is null then 'emission_missing'
                when pollution_start <= 0 then 'emission_not_positive'
                when co2_start_t <= 0 then 'co2_not_positive'
            end
        ) as refusal,
        1 - pollution_end / nullif(pollution_start, 0) as pollution_reduction_rate,
        1 - co2_end_t / nullif(co2_start_t, 0) as co2_reduction_rate,
        {{ is_below('pollution_end', 'pollution_start', 'pollution_start') }} as pollution_falls,
        {{ is_below('co2_end_t', 'co2_start_t', 'co2_start_t') }} as carbon_falls,
        {{ is_equal('co2_end_t', 'co2_start_t', 'co2_start_t') }} as carbon_stays
    from united

),

final as (

    select
        changed.park_id,
        changed.boundary,
        changed.year_from,
        changed.year_to,
        changed.pollutant,
        cast(changed.pollutant_count as integer) as pollutant_count,
        changed.emission_start_t,
        changed.emission_end_t,
        changed.equivalents_start,
        changed.equivalents_end,
        changed.co2_start_t,
        changed.co2_end_t,
        case when changed.refusal is null then changed.pollution_reduction_rate end
            as pollution_reduction_rate,
        case when changed.refusal is null then changed.co2_reduction_rate end
            as co2_reduction_rate,
        case
            when changed.refusal is null and not changed.carbon_stays
                then changed.pollution_reduction_rate / nullif(changed.co2_reduction_rate, 0)
        end as cross_elasticity,
        case when changed.refusal is null then states.synergy_state end as synergy_state,
        changed.refusal,
        states.clause_id,
        standards.clause_status,
        {{ origin_of_rank('changed.origin_rank') }} as origin
    from changed
    left join states
        on
            changed.pollution_falls = states.pollution_falls
            and changed.carbon_falls = states.carbon_falls
    left join standards on states.clause_id = standards.clause_id

)

select * from final
order by park_id, boundary, year_from, year_to, pollutant
