with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'end_use'

),

final as (

    select
        region_code,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        quantity,
        unit,
        factor_id,
        co2_t,
        co2e_t,
        is_split_frozen,
        {{ origin_of_rank('greatest(2, split_origin_rank, factor_origin_rank)') }} as origin,
        vintage,
        source_id
    from emissions

)

select * from final
order by region_code, year, method, balance_item, industry_code, fuel_code, scope
