-- Where every factor of an entity is what it is in the base year, at both ends, the effect of the
-- factors is nothing: the mix of fuels is another effect.
{{ config(meta={'dagster': {'ref': {'name': 'lmdi_effects'}}}) }}

with effects as (

    select * from {{ ref('lmdi_effects') }}
    where effect = 'emission_factor'

),

activities as (

    select * from {{ ref('int_drivers__activities_united') }}

),

years as (

    select
        entity,
        method,
        price_basis,
        year,
        sum(abs(co2_t)) as gross_co2_t,
        count(
            case when not {{ is_equal('co2_t', 'base_factor_co2_t', 'abs(co2_t)') }} then 1 end
        ) = 0 as is_constant
    from activities
    group by entity, method, price_basis, year

),

scaled as (

    select
        effects.*,
        case when effects.form = 'additive' then 0 else 1 end as no_effect,
        case
            when effects.form = 'additive' then starts.gross_co2_t + ends.gross_co2_t
            else 1
        end as scale
    from effects
    inner join years as starts
        on
            effects.entity = starts.entity
            and effects.method = starts.method
            and effects.price_basis = starts.price_basis
            and effects.year_from = starts.year
    inner join years as ends
        on
            effects.entity = ends.entity
            and effects.method = ends.method
            and effects.price_basis = ends.price_basis
            and effects.year_to = ends.year
    where
        effects.chaining = 'end_point'
        and starts.is_constant
        and ends.is_constant

),

final as (

    select *
    from scaled
    where not {{ is_equal('value', 'no_effect', 'scale') }}

)

select * from final
