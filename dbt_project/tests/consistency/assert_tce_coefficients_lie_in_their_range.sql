with tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}

),

final as (

    select *
    from tce_coefficients
    where
        tce_per_unit is null
        or tce_per_unit <= 0
        or tce_per_unit < tce_per_unit_min
        or tce_per_unit > tce_per_unit_max

)

select * from final
