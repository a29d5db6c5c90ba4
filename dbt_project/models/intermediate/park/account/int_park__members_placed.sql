-- Which enterprise counts in which boundary in which year, and with what share: the park that its
-- returns name, whole.
with returned as (

    select
        park_id,
        enterprise_id,
        year
    from {{ ref('stg_park_returns__enterprise_energy') }}
    where {{ is_known_vintage('vintage') }}
    union all
    select
        park_id,
        enterprise_id,
        year
    from {{ ref('stg_park_returns__energy_exchange') }}
    where enterprise_id is not null and {{ is_known_vintage('vintage') }}
    union all
    select
        park_id,
        enterprise_id,
        year
    from {{ ref('stg_park_returns__process') }}
    where {{ is_known_vintage('vintage') }}
    union all
    select
        park_id,
        enterprise_id,
        year
    from {{ ref('stg_park_returns__allowances') }}
    where {{ is_known_vintage('vintage') }}

),

final as (

    select distinct
        park_id,
        enterprise_id,
        park_id as list_park_id,
        enterprise_id as list_enterprise_id,
        year,
        cast(1 as double) as member_share
    from returned

)

select * from final
