with kaya_factors as (

    select * from {{ ref('int_drivers__kaya_factors_derived') }}

),

refusals as (

    select distinct
        region_code,
        year,
        method
    from {{ ref('int_co2__refusals_counted') }}
    where account in ('territorial', 'industry_net')

),

final as (

    select
        kaya_factors.region_code,
        kaya_factors.year,
        kaya_factors.method,
        kaya_factors.industrial_value_added_10k_cny,
        'current' as price_basis,
        kaya_factors.energy_tce,
        kaya_factors.energy_tce_per_10k_cny as energy_intensity,
        kaya_factors.coal_share,
        kaya_factors.oil_share,
        kaya_factors.gas_share,
        kaya_factors.other_share,
        kaya_factors.coal_co2_t_per_tce,
        kaya_factors.oil_co2_t_per_tce,
        kaya_factors.gas_co2_t_per_tce,
        kaya_factors.other_co2_t_per_tce,
        kaya_factors.co2_t_per_tce as emission_per_energy,
        kaya_factors.co2_t,
        kaya_factors.energy_convention,
        kaya_factors.grid_factor_year,
        refusals.region_code is null as is_complete,
        -- The gate marks what it doubts (quality.doubtful_rows).
        false as is_doubtful,
        {{ origin_of_rank('kaya_factors.origin_rank') }} as origin
    from kaya_factors
    left join refusals
        on
            kaya_factors.region_code = refusals.region_code
            and kaya_factors.year = refusals.year
            and kaya_factors.method = refusals.method

)

select * from final
order by region_code, year, method
