with unit_labels as (

    select * from {{ ref('unit_labels') }}

),

final as (

    select
        unit_label,
        unit,
        to_unit_factor,
        dimension
    from unit_labels

)

select * from final
order by unit_label
