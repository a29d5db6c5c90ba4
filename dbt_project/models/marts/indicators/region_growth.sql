-- How product and value added grew, in one table: what was printed, the same at constant prices,
-- and the growth of both. Where a rate would lead from one edition or series to another, it is
-- null.
with compared as (

    select * from {{ ref('int_economy__values_compared') }}

),

final as (

    select
        region_code,
        year,
        indicator,
        value_10k_cny as current_10k_cny,
        vintage,
        constant_10k_cny,
        case when constant_10k_cny is not null then 'constant_{{ var("price_base_year") }}' end
            as price_basis,
        constant_basis,
        is_of_parts,
        real_growth_rate,
        refusal,
        nominal_growth_rate,
        nominal_refusal,
        {{ origin_of_rank('origin_rank') }} as origin,
        source_id
    from compared

)

select * from final
order by region_code, year, indicator
