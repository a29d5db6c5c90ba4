-- What enterprises of one park say they sell each other, from both sides.
with exchanges as (

    select * from {{ ref('int_park__exchanges_latest') }}
    where enterprise_id is not null

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

placed as (

    select
        members.park_id,
        exchanges.year,
        exchanges.carrier,
        unit_labels.unit,
        case exchanges.direction
            when 'sold' then exchanges.enterprise_id else exchanges.counterpart
        end as seller,
        case exchanges.direction
            when 'sold' then exchanges.counterpart else exchanges.enterprise_id
        end as buyer,
        case
            when exchanges.direction = 'sold' then exchanges.quantity * unit_labels.to_unit_factor
        end as seller_quantity,
        case
            when exchanges.direction = 'purchased'
                then exchanges.quantity * unit_labels.to_unit_factor
        end as buyer_quantity,
        {{ origin_rank('exchanges.origin') }} as origin_rank,
        exchanges.source_id
    from exchanges
    inner join unit_labels on exchanges.unit = unit_labels.unit_label
    inner join members
        on
            exchanges.park_id = members.list_park_id
            and exchanges.enterprise_id = members.list_enterprise_id
            and exchanges.year = members.year
    inner join members as others
        on
            members.park_id = others.park_id
            and exchanges.park_id = others.list_park_id
            and exchanges.counterpart = others.list_enterprise_id
            and exchanges.year = others.year

),

summed as (

    select
        park_id,
        year,
        carrier,
        unit,
        seller,
        buyer,
        sum(seller_quantity) as seller_quantity,
        sum(buyer_quantity) as buyer_quantity,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from placed
    group by park_id, year, carrier, unit, seller, buyer

),

final as (

    select
        park_id,
        year,
        carrier,
        unit,
        seller,
        buyer,
        seller_quantity,
        buyer_quantity,
        case
            when buyer_quantity is null then 'seller_only'
            when seller_quantity is null then 'buyer_only'
            when
                {{ is_equal(
                    'seller_quantity', 'buyer_quantity', 'seller_quantity + buyer_quantity'
                ) }}
                then 'equal'
            else 'differ'
        end as status,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin,
        source_id
    from summed

)

select * from final
order by park_id, year, carrier, seller, buyer
