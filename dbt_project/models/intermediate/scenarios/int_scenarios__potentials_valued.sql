-- What a scenario saves against the reference scenario, case by case.
with cases as (

    select * from {{ ref('int_scenarios__cases_valued') }}

),

scenarios as (

    select * from {{ ref('scenario_definitions') }}

),

marked as (

    select
        cases.*,
        scenarios.is_reference
    from cases
    inner join scenarios on cases.scenario = scenarios.scenario

),

final as (

    select
        others.route_number,
        reference.route_number as reference_route_number,
        others.scenario,
        others.region_code,
        others.method,
        others.case_kind,
        others.case_number,
        others.base_year,
        others.year,
        reference.scenario as reference_scenario,
        reference.co2_t as reference_co2_t,
        others.co2_t,
        reference.co2_t - others.co2_t as reduction_t,
        greatest(others.origin_rank, reference.origin_rank) as origin_rank
    from marked as others
    inner join marked as reference
        on
            others.region_code = reference.region_code
            and others.method = reference.method
            and others.case_kind = reference.case_kind
            and others.case_number = reference.case_number
            and others.year = reference.year
            and reference.is_reference
    where not others.is_reference

)

select * from final
