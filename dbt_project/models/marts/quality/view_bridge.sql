-- The difference between two views by cause. A view sees each kind of supply at a part (weight) of
-- its factor. A change of weight counts at the mean of both factors, a change of factor at the mean
-- of both weights: w2 f2 - w1 f1 = (w2 - w1) (f1 + f2) / 2 + (f2 - f1) (w1 + w2) / 2, to the last
-- digit and the same backwards. A change of factor goes by the views between the two in order.
with electricity as (

    select * from {{ ref('int_park__electricity_covered') }}
    where direction <> 'self_generated'

),

view_factors as (

    select * from {{ ref('int_park__view_factors_placed') }}

),

view_supply_kinds as (

    select * from {{ ref('view_supply_kinds') }}

),

park_regions as (

    select
        parks.park_id,
        regions.province_code
    from {{ ref('parks') }} as parks
    inner join {{ ref('regions') }} as regions on parks.region_code = regions.region_code

),

supplies as (

    select
        park_id,
        year,
        month,
        method,
        supply_kind,
        sum(case direction when 'sold' then -1 else 1 end * quantity_mwh) as net_mwh,
        max(origin_rank) as origin_rank
    from electricity
    group by park_id, year, month, method, supply_kind

),

subjects as (

    select distinct
        supplies.park_id,
        supplies.year,
        supplies.method,
        park_regions.province_code
    from supplies
    inner join park_regions on supplies.park_id = park_regions.park_id

),

factors as (

    select
        subjects.park_id,
        subjects.year,
        subjects.method,
        view_factors.electricity_view,
        view_factors.position,
        view_factors.rung_cause,
        view_factors.view_co2_t_per_mwh,
        view_factors.origin_rank
    from subjects
    inner join view_factors
        on
            subjects.method = view_factors.method
            and subjects.province_code = view_factors.province_code
            and subjects.year >= view_factors.year_from
            and subjects.year <= view_factors.year_to

),

pairs as (

    select
        a.park_id,
        a.year,
        a.method,
        a.electricity_view as view_from,
        b.electricity_view as view_to,
        a.position as position_from,
        b.position as position_to,
        a.view_co2_t_per_mwh as factor_from,
        b.view_co2_t_per_mwh as factor_to,
        greatest(a.origin_rank, b.origin_rank) as factor_origin_rank
    from factors as a
    inner join factors as b
        on
            a.park_id = b.park_id
            and a.year = b.year
            and a.method = b.method
            and a.position < b.position

),

-- From each view to the next one that the park has in the year.
rungs as (

    select
        park_id,
        year,
        method,
        position,
        rung_cause,
        view_co2_t_per_mwh - lag(view_co2_t_per_mwh) over (
            partition by park_id, year, method order by position
        ) as factor_change
    from factors

),

weighed as (

    select
        pairs.*,
        supplies.month,
        supplies.net_mwh,
        supplies.origin_rank,
        weights_from.cause as kind_cause,
        weights_from.grid_weight as weight_from,
        weights_to.grid_weight as weight_to
    from pairs
    inner join supplies
        on
            pairs.park_id = supplies.park_id
            and pairs.year = supplies.year
            and pairs.method = supplies.method
    inner join view_supply_kinds as weights_from
        on
            pairs.view_from = weights_from.electricity_view
            and supplies.supply_kind = weights_from.supply_kind
    inner join view_supply_kinds as weights_to
        on
            pairs.view_to = weights_to.electricity_view
            and supplies.supply_kind = weights_to.supply_kind

),

causes as (

    select
        park_id,
        year,
        month,
        method,
        view_from,
        view_to,
        kind_cause as cause,
        net_mwh * (weight_to - weight_from) * (factor_from + factor_to) / 2 as difference_co2_t,
        greatest(origin_rank, factor_origin_rank) as origin_rank
    from weighed
    where weight_to <> weight_from
    union all
    select
        weighed.park_id,
        weighed.year,
        weighed.month,
        weighed.method,
        weighed.view_from,
        weighed.view_to,
        rungs.rung_cause as cause,
        weighed.net_mwh * (weighed.weight_from + weighed.weight_to) / 2 * rungs.factor_change
            as difference_co2_t,
        greatest(weighed.origin_rank, weighed.factor_origin_rank) as origin_rank
    from weighed
    inner join rungs
        on
            weighed.park_id = rungs.park_id
            and weighed.year = rungs.year
            and weighed.method = rungs.method
            and weighed.position_from < rungs.position
            and weighed.position_to >= rungs.position

),

final as (

    select
        park_id,
        year,
        month,
        method,
        view_from,
        view_to,
        cause,
        sum(difference_co2_t) as difference_co2_t,
        {{ origin_of_rank('greatest(2, max(origin_rank))') }} as origin
    from causes
    group by park_id, year, month, method, view_from, view_to, cause

)

select * from final
order by park_id, year, month nulls first, method, view_from, view_to, cause
