with facts as (

    select * from {{ ref('int_park__facts_latest') }}

),

final as (

    select
        park_id,
        year,
        boundary,
        price_basis,
        gdp_10k_cny,
        industrial_value_added_10k_cny,
        industrial_output_10k_cny,
        two_high_output_10k_cny,
        energy_tce,
        coal_t,
        coal_tce,
        co2_t as reported_co2_t,
        industrial_value_added_10k_cny / nullif(gdp_10k_cny, 0) as industrial_value_added_share,
        two_high_output_10k_cny / nullif(industrial_output_10k_cny, 0) as two_high_output_share,
        energy_tce / nullif(industrial_value_added_10k_cny, 0) as energy_tce_per_industrial_va,
        origin,
        source_id,
        vintage
    from facts

)

select * from final
order by park_id, year, boundary
