with kaya_factors as (

    select * from {{ ref('int_drivers__kaya_factors_derived') }}

),

final as (

    select
        region_code,
        year,
        method,
        industrial_value_added_10k_cny,
        'current' as price_basis,
        energy_tce,
        energy_tce_per_10k_cny as energy_intensity,
        coal_share,
        oil_share,
        gas_share,
        other_share,
        coal_co2_t_per_tce,
        oil_co2_t_per_tce,
        gas_co2_t_per_tce,
        other_co2_t_per_tce,
        co2_t_per_tce as emission_per_energy,
        co2_t,
        -- The gate marks what it doubts (quality.doubtful_rows).
        false as is_doubtful,
        {{ origin_of_rank('origin_rank') }} as origin
    from kaya_factors

)

select * from final
order by region_code, year, method
