-- Additive effects (with the separate terms) add up to the change, multiplicative ones multiply to
-- it; they are unknown only where the ratio itself is, from nothing or to nothing.
with effects as (

    select * from {{ ref('lmdi_effects') }}

),

final as (

    select
        entity,
        method,
        price_basis,
        period,
        form,
        max(change) as change,
        case
            when form = 'additive' then sum(value)
            else exp(sum({{ log_of('value') }}))
        end as combined
    from effects
    group by entity, method, price_basis, period, form
    having
        abs(
            case
                when form = 'additive' then sum(value)
                else exp(sum({{ log_of('value') }}))
            end - max(change)
        ) > {{ threshold('float_closure') }} * greatest(
            abs(max(change)), max(abs(value)), case when form = 'additive' then 0 else 1 end
        )
        or (count(value) < count(*) and (form = 'additive' or count(change) = count(*)))

)

select * from final
