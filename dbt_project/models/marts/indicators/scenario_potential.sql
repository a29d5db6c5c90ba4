with potentials as (

    select * from {{ ref('int_scenarios__potentials_valued') }}

),

draws as (

    select * from {{ ref('int_scenarios__draws_valued') }}

),

effects as (

    select * from {{ ref('int_scenarios__effects_calculated') }}

),

settings as (

    select
        {{ threshold('interval_low') }} as probability_low,
        {{ threshold('interval_high') }} as probability_high

),

central as (

    select * from potentials
    where case_kind = 'central'

),

-- Both are moved by the same draw, so that what they share does not blur what lies between them.
drawn as (

    select
        central.route_number,
        others.case_number,
        reference.co2_t - others.co2_t as reduction_t
    from central
    inner join draws as others on central.route_number = others.route_number
    inner join draws as reference
        on
            central.reference_route_number = reference.route_number
            and others.case_number = reference.case_number

),

ranked as (

    select
        route_number,
        reduction_t,
        (row_number() over (partition by route_number order by reduction_t, case_number) - 1)
        / (count(*) over (partition by route_number) - 1e0) as position
    from drawn

),

intervals as (

    select
        ranked.route_number,
        max(case when ranked.position <= settings.probability_low then ranked.reduction_t end)
            as low_t,
        median(ranked.reduction_t) as median_t,
        min(case when ranked.position >= settings.probability_high then ranked.reduction_t end)
            as high_t
    from ranked
    cross join settings
    group by ranked.route_number

),

-- Factors are held at those of the base year, so what they change is nothing or a group that comes
-- or goes: it belongs to the structure, as does a group below nothing, which LMDI sets apart.
wide_effects as (

    select
        compared_with,
        scenario,
        region_code,
        method,
        year,
        sum(case when effect = 'growth' then additive end) as growth_t,
        sum(case when effect = 'efficiency' then additive end) as efficiency_t,
        sum(
            case
                when effect in ('structure', 'emission_factor', 'separate_terms') then additive
            end
        ) as structure_t,
        sum(case when effect = 'total' then additive end) as change_t
    from effects
    group by compared_with, scenario, region_code, method, year

),

final as (

    select
        central.region_code,
        central.scenario,
        central.year,
        central.method,
        central.base_year,
        central.reference_scenario,
        central.reference_co2_t,
        central.co2_t as direct_and_purchased_co2_t,
        central.reduction_t,
        central.reduction_t / nullif(central.reference_co2_t, 0) as reduction_rate,
        intervals.median_t as reduction_median_t,
        intervals.low_t as reduction_low_t,
        intervals.high_t as reduction_high_t,
        from_base.change_t as change_from_base_t,
        from_base.growth_t as growth_effect_t,
        from_base.efficiency_t as efficiency_effect_t,
        from_base.structure_t as structure_effect_t,
        0 - from_reference.growth_t as growth_reduction_t,
        0 - from_reference.efficiency_t as efficiency_reduction_t,
        0 - from_reference.structure_t as structure_reduction_t,
        -- The gate marks what it doubts (quality.doubtful_rows).
        false as is_doubtful,
        {{ origin_of_rank('greatest(central.origin_rank, 3)') }} as origin
    from central
    inner join intervals on central.route_number = intervals.route_number
    inner join wide_effects as from_base
        on
            central.scenario = from_base.scenario
            and central.region_code = from_base.region_code
            and central.method = from_base.method
            and central.year = from_base.year
            and from_base.compared_with = 'base_year'
    inner join wide_effects as from_reference
        on
            central.scenario = from_reference.scenario
            and central.region_code = from_reference.region_code
            and central.method = from_reference.method
            and central.year = from_reference.year
            and from_reference.compared_with = 'reference_scenario'
    where central.year > central.base_year

)

select * from final
order by region_code, scenario, method, year
