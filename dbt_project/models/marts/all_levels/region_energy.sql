with series as (

    select * from {{ ref('int_energy__series_standardised') }}

),

final as (

    select
        region_code,
        year,
        balance_item,
        industry_code,
        fuel_code,
        vintage,
        is_latest_vintage,
        is_aggregate,
        quantity,
        unit,
        energy_tce,
        energy_gj,
        value_status,
        is_split_frozen,
        {{ origin_of_rank('split_origin_rank') }} as origin,
        source_id
    from series

)

select * from final
order by region_code, year, balance_item, industry_code, fuel_code, vintage
