-- A park that others lie in: its account, those of its parts, and the rest of it. What a part buys
-- from a plant of another part is bought from outside the part and not from outside the whole, so
-- the parts hold it and the whole does not.
with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

park_co2 as (

    select * from {{ ref('park_co2_by_method') }}

),

inputs as (

    select * from {{ ref('int_co2__return_inputs_counted') }}
    where outside_share is not null

),

carriers as (

    select * from {{ ref('int_park__carriers_balanced') }}

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

parts as (

    select
        ancestor_park_id as park_id,
        park_id as part_park_id,
        year
    from {{ ref('int_park__boundaries_nested') }}
    where levels_up = 1

),

wholes as (

    select
        park_id,
        year,
        count(*) as part_count
    from parts
    group by park_id, year

),

park_totals as (

    select
        park_id,
        year,
        method,
        scope,
        sum(co2_t) as co2_t,
        max({{ origin_rank('origin') }}) as origin_rank
    from park_co2
    group by park_id, year, method, scope

),

part_totals as (

    select
        parts.park_id,
        park_totals.year,
        park_totals.method,
        park_totals.scope,
        sum(park_totals.co2_t) as co2_t
    from parts
    inner join park_totals
        on parts.part_park_id = park_totals.park_id and parts.year = park_totals.year
    group by parts.park_id, park_totals.year, park_totals.method, park_totals.scope

),

shares_in_parts as (

    select
        parts.park_id,
        members.list_park_id,
        members.list_enterprise_id,
        members.year,
        sum(members.member_share) as member_share
    from parts
    inner join members on parts.part_park_id = members.park_id and parts.year = members.year
    group by parts.park_id, members.list_park_id, members.list_enterprise_id, members.year

),

rest_shares as (

    select
        members.park_id,
        members.enterprise_id,
        members.year,
        case
            when shares_in_parts.member_share is null then 1
            else 1 - shares_in_parts.member_share / nullif(members.member_share, 0)
        end as rest_share
    from members
    inner join wholes on members.park_id = wholes.park_id and members.year = wholes.year
    left join shares_in_parts
        on
            members.park_id = shares_in_parts.park_id
            and members.list_park_id = shares_in_parts.list_park_id
            and members.list_enterprise_id = shares_in_parts.list_enterprise_id
            and members.year = shares_in_parts.year

),

rest_totals as (

    select
        emissions.park_id,
        emissions.year,
        emissions.method,
        emissions.scope,
        sum(rest_shares.rest_share * emissions.co2_t) as co2_t
    from emissions
    inner join rest_shares
        on
            emissions.park_id = rest_shares.park_id
            and emissions.enterprise_id = rest_shares.enterprise_id
            and emissions.year = rest_shares.year
    group by emissions.park_id, emissions.year, emissions.method, emissions.scope

),

exchanged as (

    select
        parts.park_id,
        inputs.year,
        inputs.method,
        inputs.scope,
        sum(
            inputs.gross_quantity
            * (inputs.outside_share - carriers.outside_share)
            * emissions.co2_t_per_quantity
        ) as co2_t
    from parts
    inner join inputs on parts.part_park_id = inputs.park_id and parts.year = inputs.year
    inner join carriers
        on
            parts.park_id = carriers.park_id
            and inputs.year = carriers.year
            and inputs.fuel_code = carriers.fuel_code
    inner join emissions
        on
            inputs.method = emissions.method
            and inputs.scope = emissions.scope
            and inputs.park_id = emissions.park_id
            and inputs.enterprise_id = emissions.enterprise_id
            and inputs.year = emissions.year
            and inputs.fuel_code = emissions.fuel_code
    group by parts.park_id, inputs.year, inputs.method, inputs.scope

),

summed as (

    select
        wholes.park_id,
        wholes.year,
        park_totals.method,
        park_totals.scope,
        cast(wholes.part_count as integer) as part_count,
        park_totals.co2_t as whole_co2_t,
        -- Nothing of a part, of the rest or exchanged: the row has none.
        coalesce(part_totals.co2_t, 0e0) as parts_co2_t,
        coalesce(rest_totals.co2_t, 0e0) as rest_co2_t,
        coalesce(exchanged.co2_t, 0e0) as exchanged_co2_t,
        park_totals.origin_rank
    from wholes
    inner join park_totals
        on wholes.park_id = park_totals.park_id and wholes.year = park_totals.year
    left join part_totals
        on
            park_totals.park_id = part_totals.park_id
            and park_totals.year = part_totals.year
            and park_totals.method = part_totals.method
            and park_totals.scope = part_totals.scope
    left join rest_totals
        on
            park_totals.park_id = rest_totals.park_id
            and park_totals.year = rest_totals.year
            and park_totals.method = rest_totals.method
            and park_totals.scope = rest_totals.scope
    left join exchanged
        on
            park_totals.park_id = exchanged.park_id
            and park_totals.year = exchanged.year
            and park_totals.method = exchanged.method
            and park_totals.scope = exchanged.scope

),

final as (

    select
        park_id,
        year,
        method,
        scope,
        part_count,
        whole_co2_t,
        parts_co2_t,
        rest_co2_t,
        exchanged_co2_t,
        case
            when
                {{ is_equal(
                    'parts_co2_t + rest_co2_t - exchanged_co2_t', 'whole_co2_t',
                    'abs(parts_co2_t) + abs(rest_co2_t)'
                ) }}
                then 'equal'
            else 'differs'
        end as status,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from summed

)

select * from final
order by park_id, year, method, scope
