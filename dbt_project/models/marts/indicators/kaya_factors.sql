with kaya_factors as (

    select * from {{ ref('int_drivers__kaya_factors_derived') }}

),

-- At constant prices only what compares with the base year.
bases as (

    select distinct
        region_code,
        series_key
    from kaya_factors
    where
        year = {{ var('price_base_year') }}
        and industrial_value_added_constant_10k_cny is not null

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
        kaya_factors.energy_tce as industrial_energy_tce,
        kaya_factors.energy_tce_per_industrial_va,
        case
            when bases.region_code is not null
                then kaya_factors.industrial_value_added_constant_10k_cny
        end as industrial_value_added_constant_10k_cny,
        case
            when bases.region_code is not null
                then
                    kaya_factors.energy_tce
                    / nullif(kaya_factors.industrial_value_added_constant_10k_cny, 0)
        end as constant_energy_tce_per_industrial_va,
        case
            when kaya_factors.industrial_value_added_constant_10k_cny is null
                then 'no_volume_index'
            when bases.region_code is null then 'two_editions'
        end as constant_refusal,
        kaya_factors.coal_share,
        kaya_factors.oil_share,
        kaya_factors.gas_share,
        kaya_factors.other_share,
        kaya_factors.coal_co2_t_per_tce,
        kaya_factors.oil_co2_t_per_tce,
        kaya_factors.gas_co2_t_per_tce,
        kaya_factors.other_co2_t_per_tce,
        kaya_factors.co2_t_per_tce,
        kaya_factors.co2_t as direct_and_purchased_co2_t,
        kaya_factors.energy_convention,
        kaya_factors.grid_factor_year,
        refusals.region_code is null as is_complete,
        -- The gate marks what it doubts (quality.doubtful_rows).
        false as is_doubtful,
        {{ origin_of_rank('kaya_factors.origin_rank') }} as origin
    from kaya_factors
    left join bases
        on
            kaya_factors.region_code = bases.region_code
            and kaya_factors.series_key = bases.series_key
    left join refusals
        on
            kaya_factors.region_code = refusals.region_code
            and kaya_factors.year = refusals.year
            and kaya_factors.method = refusals.method

)

select * from final
order by region_code, year, method
