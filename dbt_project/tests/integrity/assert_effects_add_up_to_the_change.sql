-- Additive effects (with the separate terms) add up to the change, multiplicative ones multiply to
-- it; they are unknown only where the ratio itself is, from nothing or to nothing. What the last
-- digits of effects in tonnes are measured by is what was decomposed: the CO2 of every part at both
-- ends, which may be large where the change is nothing.
with effects as (

    select * from {{ ref('lmdi_effects') }}
    where refusal is null

),

activities as (

    select * from {{ ref('int_drivers__activities_united') }}

),

sizes as (

    select
        entity,
        method,
        price_basis,
        year,
        sum(abs(co2_t)) as gross_co2_t
    from activities
    group by entity, method, price_basis, year

),

sums as (

    select
        entity,
        method,
        price_basis,
        period,
        year_from,
        year_to,
        form,
        max(change) as change,
        sum(abs(value)) as gross_value,
        case
            when form = 'additive' then sum(value)
            else exp(sum({{ log_of('value') }}))
        end as combined,
        count(value) < count(*) and (form = 'additive' or count(change) = count(*))
            as is_unknown
    from effects
    group by entity, method, price_basis, period, year_from, year_to, form

),

scaled as (

    select
        sums.*,
        case
            when sums.form = 'additive'
                then sums.gross_value + starts.gross_co2_t + ends.gross_co2_t
            else 1 + abs(sums.change)
        end as scale
    from sums
    inner join sizes as starts
        on
            sums.entity = starts.entity
            and sums.method = starts.method
            and sums.price_basis = starts.price_basis
            and sums.year_from = starts.year
    inner join sizes as ends
        on
            sums.entity = ends.entity
            and sums.method = ends.method
            and sums.price_basis = ends.price_basis
            and sums.year_to = ends.year

),

final as (

    select *
    from scaled
    where is_unknown or not {{ is_equal('combined', 'change', 'scale') }}

)

select * from final
