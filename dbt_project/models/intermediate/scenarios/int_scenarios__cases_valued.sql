-- Every scenario and year for the central case and for those that move one input alone.
{{ scenario_cases("case_kind <> 'draw'") }},

final as (

    select
        route_number,
        scenario,
        region_code,
        method,
        case_kind,
        case_number,
        base_year,
        year,
        industrial_value_added_10k_cny,
        energy_tce_per_industrial_va * energy_scale as energy_tce_per_industrial_va,
        {% for group in ['coal', 'oil', 'gas', 'other'] %}
            {{ group }}_share,
            {{ group }}_co2_t_per_tce,
        {% endfor %}
        energy_tce,
        co2_t,
        origin_rank
    from valued

)

select * from final
