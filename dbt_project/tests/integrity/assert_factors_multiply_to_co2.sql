-- The product of the factors of a category is its CO2, below 0 for net export; where a factor is
-- nothing over nothing, its CO2 is nothing.
with factors as (

    select * from {{ ref('int_drivers__factors_derived') }}

),

products as (

    select
        entity,
        method,
        year,
        price_basis,
        category,
        co2_t,
        coalesce(
            coalesce(activity_10k_cny, 1)
            * case when has_structure then structure_value else 1 end
            * energy_intensity_value
            * energy_mix_value
            * fuel_mix_value
            * emission_factor_value,
            0
        ) as product_t
    from factors

),

final as (

    select *
    from products
    where not {{ is_equal('co2_t', 'product_t', 'abs(co2_t) + abs(product_t)') }}

)

select * from final
