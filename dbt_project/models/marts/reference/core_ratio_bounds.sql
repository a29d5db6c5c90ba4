with park_method_core_ratio_bounds as (

    select * from {{ source('park_methods', 'park_method_core_ratio_bounds') }}

),

final as (

    select
        method,
        energy_class,
        class_from_tce,
        class_to_tce,
        bound_co2_t_per_tce,
        clause_id,
        note
    from park_method_core_ratio_bounds

)

select * from final
order by method, energy_class
