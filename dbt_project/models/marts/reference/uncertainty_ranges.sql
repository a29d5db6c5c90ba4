with uncertainty_ranges as (

    select * from {{ ref('uncertainty_range_values') }}

),

final as (

    select
        range_id,
        range_of,
        entry,
        gas,
        range_basis,
        relative_half_range,
        origin,
        source_id,
        confidence,
        note_zh,
        note_en
    from uncertainty_ranges

)

select * from final
order by range_id
