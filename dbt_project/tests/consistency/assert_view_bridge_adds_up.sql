-- The causes of the difference between two views add up to it, in every month.
{{ config(meta={'dagster': {'ref': {'name': 'view_bridge'}}}) }}

with views as (

    select * from {{ ref('park_electricity_views') }}
    where view_co2_t is not null

),

bridges as (

    select
        park_id,
        year,
        coalesce(month, -1) as period,
        method,
        view_from,
        view_to,
        sum(difference_co2_t) as bridged_co2_t
    from {{ ref('view_bridge') }}
    group by park_id, year, coalesce(month, -1), method, view_from, view_to

),

final as (

    select
        bridges.*,
        views_to.view_co2_t - views_from.view_co2_t as difference_of_views_co2_t
    from bridges
    inner join views as views_from
        on
            bridges.park_id = views_from.park_id
            and bridges.year = views_from.year
            and bridges.period = coalesce(views_from.month, -1)
            and bridges.method = views_from.method
            and bridges.view_from = views_from.electricity_view
    inner join views as views_to
        on
            bridges.park_id = views_to.park_id
            and bridges.year = views_to.year
            and bridges.period = coalesce(views_to.month, -1)
            and bridges.method = views_to.method
            and bridges.view_to = views_to.electricity_view
    where
        not {{ is_equal(
            'bridges.bridged_co2_t',
            'views_to.view_co2_t - views_from.view_co2_t',
            'views_from.received_mwh + views_from.sent_mwh'
        ) }}

)

select * from final
