-- Only transformation outputs, deductions, stock changes and net imports may be below zero.
with region_energy as (

    select * from {{ ref('region_energy') }}

),

final as (

    select *
    from region_energy
    where
        quantity < 0
        and balance_item in (
            'final_consumption', 'total_final_consumption', 'industrial_use_above_size',
            'non_energy_use', 'electricity_use', 'electricity_consumption_total',
            'generation_total', 'loss'
        )

)

select * from final
