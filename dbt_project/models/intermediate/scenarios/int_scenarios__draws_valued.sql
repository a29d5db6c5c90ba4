-- The CO2 of every scenario and year for every draw, and nothing else of it: there are hundreds.
{{ scenario_cases("case_kind = 'draw'") }},

final as (

    select
        route_number,
        case_number,
        co2_t
    from valued

)

select * from final
