-- Electricity and heat that pass the boundary of a park. The rows of the park as a whole go before
-- those of its enterprises, and the form of exchange before the energy returns. What two
-- enterprises of one boundary name each other for stays inside.
with exchanges as (

    select * from {{ ref('int_park__exchanges_latest') }}

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

cells as (

    select * from {{ ref('int_park__cells_returned') }}
    where flow in ('purchase', 'sales')

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

fuels as (

    select * from {{ ref('fuels') }}
    where fuel_group in ('electricity', 'heat')

),

carriers as (

    select
        fuel_group as carrier,
        min(unit) as carrier_unit
    from fuels
    where not is_aggregate
    group by fuel_group

),

forms as (

    select
        coalesce(members.park_id, exchanges.park_id) as park_id,
        members.enterprise_id,
        exchanges.park_id as list_park_id,
        exchanges.enterprise_id as list_enterprise_id,
        exchanges.year,
        exchanges.month,
        exchanges.carrier,
        exchanges.direction,
        exchanges.counterpart,
        exchanges.supply_kind,
        carriers.carrier_unit as unit,
        case
            when unit_labels.unit = carriers.carrier_unit
                then
                    exchanges.quantity * unit_labels.to_unit_factor
                    * coalesce(members.member_share, 1)
        end as quantity,
        exchanges.renewable_share,
        exchanges.co2_t_per_gj as measured_t_per_quantity,
        'exchange_form' as basis_form,
        {{ origin_rank('exchanges.origin') }} as origin_rank,
        exchanges.source_id
    from exchanges
    inner join carriers on exchanges.carrier = carriers.carrier
    left join unit_labels on exchanges.unit = unit_labels.unit_label
    left join members
        on
            exchanges.park_id = members.list_park_id
            and exchanges.enterprise_id = members.list_enterprise_id
            and exchanges.year = members.year
    where exchanges.enterprise_id is null or members.enterprise_id is not null

),

-- A pair in which each names the other, by who sells.
named as (

    select distinct
        park_id,
        list_park_id,
        year,
        carrier,
        case when direction = 'sold' then list_enterprise_id else counterpart end as seller,
        case when direction = 'sold' then counterpart else list_enterprise_id end as buyer,
        direction
    from forms
    where direction in ('sold', 'purchased') and enterprise_id is not null

),

pairs as (

    select
        park_id,
        list_park_id,
        year,
        carrier,
        seller,
        buyer
    from named
    where seller is not null and buyer is not null
    group by park_id, list_park_id, year, carrier, seller, buyer
    having count(*) = 2

),

carriers_returned as (

    select
        park_id,
        year,
        carrier,
        bool_or(enterprise_id is null) as has_park_rows
    from forms
    group by park_id, year, carrier

),

enterprises_returned as (

    select distinct
        park_id,
        enterprise_id,
        year,
        carrier
    from forms
    where enterprise_id is not null

),

outside as (

    select forms.*
    from forms
    inner join carriers_returned
        on
            forms.park_id = carriers_returned.park_id
            and forms.year = carriers_returned.year
            and forms.carrier = carriers_returned.carrier
    left join pairs
        on
            forms.park_id = pairs.park_id
            and forms.list_park_id = pairs.list_park_id
            and forms.year = pairs.year
            and forms.carrier = pairs.carrier
            and pairs.seller
            = case forms.direction
                when 'sold' then forms.list_enterprise_id
                when 'purchased' then forms.counterpart
            end
            and pairs.buyer
            = case forms.direction
                when 'sold' then forms.counterpart else forms.list_enterprise_id
            end
    where
        (carriers_returned.has_park_rows and forms.enterprise_id is null)
        or (not carriers_returned.has_park_rows and pairs.seller is null)

),

-- Part of a purchase may be covered by certificates; direct supply is non-fossil without them.
partly_covered as (

    select
        *,
        renewable_share is not null and carrier = 'electricity' and direction = 'purchased'
        and coalesce(supply_kind, 'grid') <> 'direct_non_fossil' as is_parted
    from outside

),

split as (

    select
        *,
        quantity * (1 - renewable_share) as part_quantity,
        supply_kind as part_kind
    from partly_covered
    where is_parted
    union all
    select
        *,
        quantity * renewable_share as part_quantity,
        'certificate_covered' as part_kind
    from partly_covered
    where is_parted
    union all
    select
        *,
        quantity as part_quantity,
        supply_kind as part_kind
    from partly_covered
    where not is_parted

),

from_returns as (

    select
        members.park_id,
        members.enterprise_id,
        cells.year,
        cells.month,
        fuels.fuel_group as carrier,
        case cells.flow when 'sales' then 'sold' else 'purchased' end as direction,
        cast(null as {{ type_name('varchar') }}) as supply_kind,
        cells.unit,
        cells.quantity * members.member_share as quantity,
        cast(null as double) as measured_t_per_quantity,
        'enterprise_returns' as basis_form,
        {{ origin_rank('cells.origin') }} as origin_rank,
        cells.source_id
    from cells
    inner join fuels on cells.fuel_code = fuels.fuel_code
    inner join carriers
        on fuels.fuel_group = carriers.carrier and cells.unit = carriers.carrier_unit
    inner join members
        on
            cells.park_id = members.list_park_id
            and cells.enterprise_id = members.list_enterprise_id
            and cells.year = members.year
    left join carriers_returned
        on
            members.park_id = carriers_returned.park_id
            and cells.year = carriers_returned.year
            and fuels.fuel_group = carriers_returned.carrier
            and carriers_returned.has_park_rows
    left join enterprises_returned
        on
            members.park_id = enterprises_returned.park_id
            and members.enterprise_id = enterprises_returned.enterprise_id
            and cells.year = enterprises_returned.year
            and fuels.fuel_group = enterprises_returned.carrier
    where carriers_returned.park_id is null and enterprises_returned.park_id is null

),

united as (

    select
        park_id,
        enterprise_id,
        year,
        month,
        carrier,
        direction,
        part_kind as supply_kind,
        unit,
        part_quantity as quantity,
        measured_t_per_quantity,
        basis_form,
        origin_rank,
        source_id
    from split
    union all
    select * from from_returns

),

described as (

    select
        *,
        coalesce(supply_kind, case carrier when 'heat' then 'fossil_heat' else 'grid' end)
            as known_kind,
        case
            when quantity is null then 'unit_mismatch'
            when supply_kind is null and direction <> 'self_generated' then 'assumed'
            else 'returned'
        end as kind_status
    from united

),

final as (

    select
        park_id,
        enterprise_id,
        year,
        month,
        carrier,
        direction,
        known_kind as supply_kind,
        unit,
        measured_t_per_quantity,
        basis_form,
        kind_status,
        sum(quantity) as quantity,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from described
    group by
        park_id, enterprise_id, year, month, carrier, direction, known_kind, unit,
        measured_t_per_quantity, basis_form, kind_status

)

select * from final
-- What is summed from it adds in this order in every run.
order by
    park_id, year, month, carrier, direction, enterprise_id, supply_kind, measured_t_per_quantity,
    basis_form, kind_status
