with ceads as (

    select * from {{ ref('stg_ceads_inventory__city_co2') }}
    where {{ is_known_vintage('vintage') }}

),

edgar as (

    select * from {{ ref('stg_edgar_inventory__city_co2') }}
    where {{ is_known_vintage('vintage') }}

),

united as (

    select
        ceads.region_code,
        ceads.year,
        'ceads_inventory' as inventory,
        ceads.co2_t,
        ceads.vintage,
        ceads.origin,
        ceads.source_id
    from ceads
    union all
    select
        region_code,
        year,
        'edgar' as inventory,
        co2_t,
        vintage,
        origin,
        source_id
    from edgar

),

ranked as (

    select
        *,
        row_number() over (
            partition by region_code, year, inventory order by vintage desc
        ) as edition_rank
    from united
    where co2_t is not null

),

final as (

    select
        region_code,
        year,
        inventory,
        co2_t,
        vintage,
        origin,
        source_id
    from ranked
    where edition_rank = 1

)

select * from final
order by region_code, year, inventory
