-- The same electricity in every view, side by side, by the month where it is returned so.
with electricity as (

    select * from {{ ref('int_park__electricity_covered') }}

),

view_factors as (

    select * from {{ ref('int_park__view_factors_placed') }}

),

view_supply_kinds as (

    select * from {{ ref('view_supply_kinds') }}

),

views as (

    select distinct
        method,
        electricity_view
    from {{ ref('park_view_factors') }}

),

park_regions as (

    select
        parks.park_id,
        regions.province_code
    from {{ ref('parks') }} as parks
    inner join {{ ref('regions') }} as regions on parks.region_code = regions.region_code

),

weighted as (

    select
        electricity.*,
        views.electricity_view,
        case electricity.direction when 'sold' then -1 when 'purchased' then 1 else 0 end
        * electricity.quantity_mwh * view_supply_kinds.grid_weight as counted_mwh
    from electricity
    inner join views on electricity.method = views.method
    left join view_supply_kinds
        on
            views.electricity_view = view_supply_kinds.electricity_view
            and electricity.supply_kind = view_supply_kinds.supply_kind

),

summed as (

    select
        park_id,
        year,
        month,
        method,
        electricity_view,
        sum(case when direction = 'purchased' then quantity_mwh else 0 end) as received_mwh,
        sum(case when direction = 'sold' then quantity_mwh else 0 end) as sent_mwh,
        sum(case when direction = 'self_generated' then quantity_mwh else 0 end) as self_used_mwh,
        sum(
            case
                when direction = 'purchased' and supply_kind = 'direct_non_fossil'
                    then quantity_mwh
                else 0
            end
        ) as direct_supply_mwh,
        sum(
            case
                when direction = 'purchased' and supply_kind = 'certificate_covered'
                    then quantity_mwh
                else 0
            end
        ) as covered_mwh,
        sum(counted_mwh) as counted_mwh,
        bool_or(quantity_mwh is null) as lacks_quantity,
        max(origin_rank) as origin_rank
    from weighted
    group by park_id, year, month, method, electricity_view

),

final as (

    select
        summed.park_id,
        summed.year,
        summed.month,
        summed.method,
        summed.electricity_view,
        summed.received_mwh,
        summed.sent_mwh,
        summed.self_used_mwh,
        summed.direct_supply_mwh,
        summed.covered_mwh,
        summed.received_mwh + summed.self_used_mwh - summed.sent_mwh as use_of_electricity_mwh,
        (summed.direct_supply_mwh + summed.self_used_mwh)
        / nullif(summed.received_mwh + summed.self_used_mwh - summed.sent_mwh, 0)
            as physical_non_fossil_share,
        view_factors.view_co2_t_per_mwh,
        view_factors.factor_year,
        case
            when not summed.lacks_quantity
                then summed.counted_mwh * view_factors.view_co2_t_per_mwh
        end as view_co2_t,
        case
            when summed.lacks_quantity then 'unit_mismatch'
            when view_factors.view_co2_t_per_mwh is null then 'no_view_factor'
        end as refusal,
        {{ origin_of_rank('greatest(2, summed.origin_rank, view_factors.origin_rank)') }}
            as origin
    from summed
    inner join park_regions on summed.park_id = park_regions.park_id
    left join view_factors
        on
            summed.method = view_factors.method
            and summed.electricity_view = view_factors.electricity_view
            and park_regions.province_code = view_factors.province_code
            and summed.year >= view_factors.year_from
            and summed.year <= view_factors.year_to

)

select * from final
order by park_id, year, month nulls first, method, electricity_view
