-- Where every factor of an entity is what it is in the base year, at both ends, the effect of the
-- factors is nothing, to the last digit: the mix of fuels is another effect.
{{ config(meta={'dagster': {'ref': {'name': 'lmdi_effects'}}}) }}

with effects as (

    select * from {{ ref('lmdi_effects') }}
    where effect = 'emission_factor'

),

activities as (

    select * from {{ ref('int_drivers__activities_united') }}

),

constant_years as (

    select
        entity,
        method,
        price_basis,
        year
    from activities
    group by entity, method, price_basis, year
    having count(case when co2_t <> base_co2_t then 1 end) = 0

),

final as (

    select effects.*
    from effects
    inner join constant_years as starts
        on
            effects.entity = starts.entity
            and effects.method = starts.method
            and effects.price_basis = starts.price_basis
            and effects.year_from = starts.year
    inner join constant_years as ends
        on
            effects.entity = ends.entity
            and effects.method = ends.method
            and effects.price_basis = ends.price_basis
            and effects.year_to = ends.year
    where
        effects.chaining = 'end_point'
        and effects.value is not null
        and effects.value <> case when effects.form = 'additive' then 0 else 1 end

)

select * from final
