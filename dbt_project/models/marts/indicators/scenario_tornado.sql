with cases as (

    select * from {{ ref('int_scenarios__cases_valued') }}

),

potentials as (

    select * from {{ ref('int_scenarios__potentials_valued') }}

),

inputs as (

    select * from {{ ref('scenario_uncertainties') }}

),

measured as (

    select
        'co2_t' as indicator,
        scenario,
        region_code,
        method,
        year,
        base_year,
        case_kind,
        case_number,
        co2_t as value_t,
        origin_rank
    from cases
    union all
    select
        'reduction_t' as indicator,
        scenario,
        region_code,
        method,
        year,
        base_year,
        case_kind,
        case_number,
        reduction_t as value_t,
        origin_rank
    from potentials

),

swings as (

    select
        central.indicator,
        central.scenario,
        central.region_code,
        central.method,
        central.year,
        inputs.input,
        central.value_t,
        low.value_t as at_low_t,
        high.value_t as at_high_t,
        abs(high.value_t - low.value_t) as swing_t,
        central.origin_rank
    from measured as central
    cross join inputs
    inner join measured as low
        on
            central.indicator = low.indicator
            and central.scenario = low.scenario
            and central.region_code = low.region_code
            and central.method = low.method
            and central.year = low.year
            and low.case_kind = 'low'
            and inputs.lattice_dimension = low.case_number
    inner join measured as high
        on
            central.indicator = high.indicator
            and central.scenario = high.scenario
            and central.region_code = high.region_code
            and central.method = high.method
            and central.year = high.year
            and high.case_kind = 'high'
            and inputs.lattice_dimension = high.case_number
    where central.case_kind = 'central' and central.year > central.base_year

),

final as (

    select
        region_code,
        scenario,
        year,
        method,
        indicator,
        input,
        value_t,
        at_low_t,
        at_high_t,
        swing_t,
        cast(
            rank() over (
                partition by region_code, scenario, year, method, indicator
                order by
                    {{ tie_value('swing_t', 'abs(at_low_t) + abs(at_high_t)') }} desc nulls last
            ) as integer
        ) as swing_rank,
        {{ origin_of_rank('greatest(origin_rank, 3)') }} as origin
    from swings

)

select * from final
order by region_code, scenario, year, method, indicator, swing_rank, input
