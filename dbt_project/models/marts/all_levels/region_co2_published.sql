with ceads_rows as (

    select * from {{ ref('stg_ceads_inventory__city_co2') }}
    where {{ is_known_vintage('vintage') }}

),

edgar as (

    select * from {{ ref('stg_edgar_inventory__city_co2') }}
    where {{ is_known_vintage('vintage') }}

),

united as (

    select
        ceads_rows.region_code,
        ceads_rows.year,
        'ceads_inventory' as inventory,
        ceads_rows.co2_t,
        ceads_rows.vintage,
        ceads_rows.origin,
        ceads_rows.source_id
    from ceads_rows
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
