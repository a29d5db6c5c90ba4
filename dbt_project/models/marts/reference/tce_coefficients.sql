with tce_factors as (

    select * from {{ ref('tce_factors') }}

),

final as (

    select
        tce_set,
        fuel_code,
        unit,
        tce_per_unit,
        tce_per_unit_min,
        tce_per_unit_max,
        origin,
        source_id,
        confidence,
        note
    from tce_factors

)

select * from final
order by tce_set, fuel_code
