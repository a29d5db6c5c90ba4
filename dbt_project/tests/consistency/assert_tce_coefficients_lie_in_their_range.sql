with tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}

),

final as (

    select *
    from tce_coefficients
    where
        tce_per_unit is null
        or tce_per_unit <= 0
        or {{ is_below('tce_per_unit', 'tce_per_unit_min', 'tce_per_unit_min') }}
        or {{ is_above('tce_per_unit', 'tce_per_unit_max', 'tce_per_unit_max') }}

)

select * from final
