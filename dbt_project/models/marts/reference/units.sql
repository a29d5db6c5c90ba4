with unit_labels as (

    select * from {{ ref('unit_labels') }}

),

final as (

    select
        unit_label,
        unit,
        to_unit_factor,
        dimension,
        to_unit_factor * case unit
            when 'gj' then 1
            when 'tce' then {{ constant('gj_per_tce') }}
            when 'mwh' then {{ constant('gj_per_mwh') }}
        end as gj_per_unit
    from unit_labels

)

select * from final
order by unit_label
