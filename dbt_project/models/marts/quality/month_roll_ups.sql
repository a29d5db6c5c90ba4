-- Years that are returned both as a whole and by month: the year counts, and its months are
-- compared with it, each quantity by itself. Only the newest edition of an enterprise and year is
-- read.
{% set flows = [
    'purchase', 'consumption', 'feedstock', 'transformation_input', 'power_input', 'heat_input',
    'transformation_output', 'recovered', 'sales', 'bunker',
] %}

with energy as (

    select
        *,
        max(vintage) over (partition by park_id, enterprise_id, year) as newest_vintage
    from {{ ref('stg_park_returns__enterprise_energy') }}
    where {{ is_known_vintage('vintage') }}

),

exchanges as (

    select
        *,
        max(vintage) over (partition by park_id, enterprise_id, year) as newest_vintage
    from {{ ref('stg_park_returns__energy_exchange') }}
    where {{ is_known_vintage('vintage') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

energy_both as (

    select
        *,
        bool_or(month is null) over (
            partition by park_id, enterprise_id, year, fuel_code, coal_kind
        ) as has_year,
        bool_or(month is not null) over (
            partition by park_id, enterprise_id, year, fuel_code, coal_kind
        ) as has_months
    from energy
    where vintage = newest_vintage

),

exchanges_both as (

    select
        *,
        bool_or(month is null) over (
            partition by
                park_id, enterprise_id, year, carrier, direction, counterpart, supply_kind
        ) as has_year,
        bool_or(month is not null) over (
            partition by
                park_id, enterprise_id, year, carrier, direction, counterpart, supply_kind
        ) as has_months
    from exchanges
    where vintage = newest_vintage

),

cells as (

    {% for flow in flows %}
        select
            'park_returns_enterprise_energy' as dataset,
            park_id,
            enterprise_id,
            year,
            month,
            fuel_code as carrier,
            coal_kind as supply_kind,
            cast(null as {{ type_name('varchar') }}) as counterpart,
            '{{ flow }}' as flow,
            {{ flow }}_quantity as quantity,
            unit as unit_label,
            origin,
            source_id
        from energy_both
        where has_year and has_months and {{ flow }}_quantity is not null
        union all
    {% endfor %}
    select
        'park_returns_energy_exchange' as dataset,
        park_id,
        enterprise_id,
        year,
        month,
        carrier,
        supply_kind,
        counterpart,
        direction as flow,
        quantity,
        unit as unit_label,
        origin,
        source_id
    from exchanges_both
    where has_year and has_months

),

summed as (

    select
        cells.dataset,
        cells.park_id,
        cells.enterprise_id,
        cells.year,
        cells.carrier,
        cells.supply_kind,
        cells.counterpart,
        cells.flow,
        unit_labels.unit,
        sum(case when cells.month is null then cells.quantity * unit_labels.to_unit_factor end)
            as year_quantity,
        sum(case when cells.month is not null then cells.quantity * unit_labels.to_unit_factor end)
            as months_quantity,
        count(distinct cells.month) as months_held,
        max({{ origin_rank('cells.origin') }}) as origin_rank,
        min(cells.source_id) as source_id
    from cells
    inner join unit_labels on cells.unit_label = unit_labels.unit_label
    group by
        cells.dataset, cells.park_id, cells.enterprise_id, cells.year, cells.carrier,
        cells.supply_kind, cells.counterpart, cells.flow, unit_labels.unit

),

settings as (

    select
        {{ threshold('month_roll_up_tolerance') }} as tolerance,
        {{ threshold('months_of_year') }} as months_of_year

),

final as (

    select
        summed.dataset,
        summed.park_id,
        summed.enterprise_id,
        summed.year,
        summed.carrier,
        summed.supply_kind,
        summed.counterpart,
        summed.flow,
        summed.unit,
        summed.year_quantity,
        summed.months_quantity,
        cast(summed.months_held as integer) as months_held,
        summed.months_quantity - summed.year_quantity as months_difference,
        summed.months_quantity / nullif(summed.year_quantity, 0) - 1 as relative_difference,
        case
            when summed.year_quantity is null then 'year_not_stated'
            when summed.months_quantity is null then 'months_not_stated'
            when
                {{ is_above(
                    'summed.months_quantity',
                    'summed.year_quantity + settings.tolerance * abs(summed.year_quantity)',
                    'abs(summed.year_quantity) + abs(summed.months_quantity)'
                ) }}
                then 'months_exceed_year'
            when summed.months_held < settings.months_of_year then 'months_incomplete'
            when
                {{ is_below(
                    'summed.months_quantity',
                    'summed.year_quantity - settings.tolerance * abs(summed.year_quantity)',
                    'abs(summed.year_quantity) + abs(summed.months_quantity)'
                ) }}
                then 'months_below_year'
            else 'equal'
        end as status,
        {{ origin_of_rank('greatest(2, summed.origin_rank)') }} as origin,
        summed.source_id
    from summed
    cross join settings

)

select * from final
order by
    dataset, park_id, enterprise_id, year, carrier, supply_kind, counterpart, flow, unit
