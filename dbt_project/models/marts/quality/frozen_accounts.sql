with frozen as (

    select
        *,
        row_number() over (
            partition by park_id, year, method
            order by vintage desc
        ) as edition_rank
    from {{ ref('stg_park_returns__frozen_accounts') }}
    where {{ is_known_vintage('vintage') }}

),

-- By a method of the ledger what was frozen is the net of the method's own view.
accounts as (

    select
        park_id,
        year,
        method,
        co2_t
    from {{ ref('park_year_by_method') }}
    union all
    select
        park_id,
        year,
        method,
        net_co2_t as co2_t
    from {{ ref('park_carbon_account') }}
    where is_own_view

),

final as (

    select
        frozen.park_id,
        frozen.year,
        frozen.method,
        frozen.frozen_version,
        frozen.factor_set,
        frozen.frozen_co2_t,
        accounts.co2_t as recomputed_co2_t,
        accounts.co2_t / nullif(frozen.frozen_co2_t, 0) - 1 as relative_difference,
        case
            when accounts.co2_t is null then 'not_held'
            when
                {{ is_equal('accounts.co2_t', 'frozen.frozen_co2_t', 'abs(accounts.co2_t)') }}
                then 'equal'
            else 'differs'
        end as status,
        frozen.origin,
        frozen.source_id
    from frozen
    left join accounts
        on
            frozen.park_id = accounts.park_id
            and frozen.year = accounts.year
            and frozen.method = accounts.method
    where frozen.edition_rank = 1

)

select * from final
order by park_id, year, method
