with bands as (

    select * from {{ ref('bands') }}

),

final as (

    select
        band_set,
        band,
        sort,
        lower as lower_limit,
        upper as upper_limit,
        label_zh,
        label_en,
        source_id
    from bands

)

select * from final
order by band_set, sort
