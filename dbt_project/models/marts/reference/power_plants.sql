with plants as (

    select * from {{ ref('stg_wri_database__power_plants') }}
    where {{ is_known_vintage('vintage') }}

),

ranked as (

    select
        *,
        row_number() over (partition by plant_id order by vintage desc) as edition_rank
    from plants

),

final as (

    select
        plant_id,
        region_code,
        name,
        primary_fuel,
        capacity_mw,
        commissioning_year,
        vintage,
        origin,
        source_id
    from ranked
    where edition_rank = 1

)

select * from final
order by plant_id
