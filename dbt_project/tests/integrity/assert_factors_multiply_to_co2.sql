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
        max(co2_t) as co2_t,
        case
            when count(*) > count(value) or min(abs(value)) = 0 then 0
            when count(case when value < 0 then 1 end) = 1
                then -exp(sum({{ log_of('abs(value)') }}))
            else exp(sum({{ log_of('abs(value)') }}))
        end as product_t
    from factors
    group by entity, method, year, price_basis, category

),

final as (

    select *
    from products
    where not {{ is_equal('co2_t', 'product_t', 'abs(co2_t) + abs(product_t)') }}

)

select * from final
