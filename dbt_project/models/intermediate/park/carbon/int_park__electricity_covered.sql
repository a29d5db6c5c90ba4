-- Electricity of each park by kind, as each method's scheme of certificates has it. Where the park
-- keeps a ledger, certificates cover what it receives, by the month where that is returned by the
-- month; else what the form says is covered stands as claimed.
with lines as (

    select * from {{ ref('int_park__exchanges_counted') }}
    where carrier = 'electricity'

),

methods as (

    select * from {{ ref('park_methods') }}

),

certificates as (

    select * from {{ ref('int_park__certificates_judged') }}

),

ledgers as (

    select distinct
        claim_scheme,
        park_id,
        year
    from certificates

),

parks_monthly as (

    select
        park_id,
        year,
        bool_and(month is not null) as is_monthly
    from lines
    where direction = 'purchased'
    group by park_id, year

),

certificates_summed as (

    select
        certificates.claim_scheme,
        certificates.park_id,
        certificates.year,
        case when parks_monthly.is_monthly then certificates.month end as month,
        sum(certificates.certificate_mwh) as certificate_mwh
    from certificates
    inner join parks_monthly
        on
            certificates.park_id = parks_monthly.park_id
            and certificates.year = parks_monthly.year
    where certificates.status = 'counted'
    group by
        certificates.claim_scheme, certificates.park_id, certificates.year,
        case when parks_monthly.is_monthly then certificates.month end

),

by_method as (

    select
        methods.method,
        methods.claim_scheme,
        ledgers.park_id is not null as has_ledger,
        lines.*,
        case when parks_monthly.is_monthly then lines.month end as period,
        lines.direction = 'purchased' and lines.supply_kind in ('grid', 'certificate_covered')
        and ledgers.park_id is not null as is_in_pool
    from lines
    cross join methods
    left join parks_monthly
        on lines.park_id = parks_monthly.park_id and lines.year = parks_monthly.year
    left join ledgers
        on
            methods.claim_scheme = ledgers.claim_scheme
            and lines.park_id = ledgers.park_id
            and lines.year = ledgers.year

),

pools as (

    select
        method,
        claim_scheme,
        park_id,
        year,
        period,
        sum(quantity) as pool_mwh
    from by_method
    where is_in_pool
    group by method, claim_scheme, park_id, year, period

),

shares as (

    select
        pools.method,
        pools.park_id,
        pools.year,
        pools.period,
        case
            when certificates_summed.certificate_mwh > pools.pool_mwh then 1
            when certificates_summed.certificate_mwh is null then 0
            else certificates_summed.certificate_mwh / nullif(pools.pool_mwh, 0)
        end as covered_share
    from pools
    left join certificates_summed
        on
            pools.claim_scheme = certificates_summed.claim_scheme
            and pools.park_id = certificates_summed.park_id
            and pools.year = certificates_summed.year
            and coalesce(pools.period, -1) = coalesce(certificates_summed.month, -1)

),

parted as (

    select
        by_method.*,
        shares.covered_share
    from by_method
    left join shares
        on
            by_method.method = shares.method
            and by_method.park_id = shares.park_id
            and by_method.year = shares.year
            and coalesce(by_method.period, -1) = coalesce(shares.period, -1)

),

covered as (

    select
        parted.*,
        'certificate_covered' as covered_kind,
        quantity * covered_share as covered_quantity
    from parted
    where is_in_pool and covered_share > 0
    union all
    select
        parted.*,
        'grid' as covered_kind,
        quantity * (1 - covered_share) as covered_quantity
    from parted
    where is_in_pool and covered_share < 1
    union all
    select
        parted.*,
        supply_kind as covered_kind,
        quantity as covered_quantity
    from parted
    where not is_in_pool

),

final as (

    select
        method,
        park_id,
        enterprise_id,
        year,
        month,
        direction,
        covered_kind as supply_kind,
        case
            when kind_status = 'unit_mismatch' then kind_status
            when covered_kind = 'certificate_covered' and not has_ledger
                then 'claimed_without_certificates'
            when kind_status = 'assumed' then 'assumed_supply_kind'
            else kind_status
        end as value_status,
        sum(covered_quantity) as quantity_mwh,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from covered
    group by
        method, park_id, enterprise_id, year, month, direction, covered_kind,
        case
            when kind_status = 'unit_mismatch' then kind_status
            when covered_kind = 'certificate_covered' and not has_ledger
                then 'claimed_without_certificates'
            when kind_status = 'assumed' then 'assumed_supply_kind'
            else kind_status
        end

)

select * from final
-- What is summed from it adds in this order in every run.
order by
    method, park_id, year, month, direction, enterprise_id, supply_kind, value_status
