-- The returns of exchange that count: the newest edition of an enterprise and year replaces the
-- older one as a whole, and a figure of the whole year overrides its months.
with exchanges as (

    select
        *,
        max(vintage) over (partition by park_id, enterprise_id, year) as newest_vintage,
        bool_or(month is null) over (
            partition by
                park_id, enterprise_id, year, carrier, direction, counterpart, supply_kind, vintage
        ) as has_whole_year
    from {{ ref('stg_park_returns__energy_exchange') }}
    where {{ is_known_vintage('vintage') }}

),

final as (

    select
        park_id,
        enterprise_id,
        year,
        month,
        carrier,
        direction,
        counterpart,
        supply_kind,
        quantity,
        unit,
        renewable_share,
        co2_t_per_gj,
        origin,
        source_id,
        vintage
    from exchanges
    where vintage = newest_vintage and (month is null or not has_whole_year)

)

select * from final
