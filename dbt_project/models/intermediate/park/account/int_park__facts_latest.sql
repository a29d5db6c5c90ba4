-- The yearly facts of parks in their latest edition, one row per boundary.
with latest as (

    {{ latest_edition(
        ref('stg_park_returns__park_facts'), ['park_id', 'year', 'boundary']
    ) | indent }}

),

final as (

    select
        latest.park_id,
        latest.year,
        latest.boundary,
        latest.price_basis,
        latest.gdp_10k_cny,
        latest.industrial_value_added_10k_cny,
        latest.industrial_output_10k_cny,
        latest.two_high_output_10k_cny,
        latest.energy_tce,
        latest.tce_convention,
        latest.coal_t,
        latest.coal_tce,
        latest.coke_t,
        latest.electricity_mwh,
        latest.green_electricity_mwh,
        latest.heat_gj,
        latest.co2_t,
        latest.co2_scope,
        {{ origin_rank('latest.origin') }} as origin_rank,
        latest.origin,
        latest.source_id,
        latest.vintage
    from latest

)

select * from final
