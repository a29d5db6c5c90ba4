-- What a park returned of each guiding indicator. An item that does not apply counts as such only
-- with its reason; of water and solid waste, their own forms stand in where the item is not
-- returned. What is used of waste may be of earlier stock, so that stock is part of the whole.
with indicators as (

    select * from {{ ref('guiding_indicators') }}

),

items as (

    select * from {{ ref('guiding_items') }}

),

units as (

    select * from {{ ref('units') }}

),

returned as (

    {{ latest_edition(
        ref('stg_park_returns__guiding_values'),
        ['park_id', 'year', 'guiding_item', 'item_detail']
    ) | indent }}

),

water as (

    {{ latest_edition(
        ref('stg_park_returns__water'),
        ['park_id', 'year'], condition="boundary = 'above_size_industry'"
    ) | indent }}

),

waste as (

    {{ latest_edition(
        ref('stg_park_returns__waste'),
        ['park_id', 'year'],
        condition="boundary = 'above_size_industry' and waste_kind = 'general_industrial'"
    ) | indent }}

),

-- What other forms say of an item.
by_form as (

    select
        park_id,
        year,
        'water_reuse' as guiding_item,
        reused_water_m3 as counted_quantity,
        reused_water_m3 + industrial_fresh_water_m3 as whole_quantity,
        'm3' as base_unit,
        origin
    from water
    union all
    select
        park_id,
        year,
        'solid_waste' as guiding_item,
        waste_used_t as counted_quantity,
        case
            when waste_used_of_stock_t is null then waste_generated_t
            else waste_generated_t + waste_used_of_stock_t
        end as whole_quantity,
        't' as base_unit,
        origin
    from waste

),

items_returned as (

    select distinct
        park_id,
        year,
        guiding_item
    from returned

),

rows_united as (

    select
        returned.park_id,
        returned.year,
        returned.guiding_item,
        coalesce(returned.item_detail, '') as item_detail,
        returned.is_applicable,
        returned.stated_reason,
        returned.counted_quantity * coalesce(units.to_unit_factor, 1) as counted_quantity,
        returned.whole_quantity * coalesce(units.to_unit_factor, 1) as whole_quantity,
        coalesce(units.unit, '') as base_unit,
        returned.limit_level,
        {{ origin_rank('returned.origin') }} as origin_rank
    from returned
    left join units on returned.unit = units.unit_label
    union all
    select
        by_form.park_id,
        by_form.year,
        by_form.guiding_item,
        '' as item_detail,
        true as is_applicable,
        cast(null as {{ type_name('varchar') }}) as stated_reason,
        by_form.counted_quantity,
        by_form.whole_quantity,
        by_form.base_unit,
        cast(null as integer) as limit_level,
        {{ origin_rank('by_form.origin') }} as origin_rank
    from by_form
    left join items_returned
        on
            by_form.park_id = items_returned.park_id
            and by_form.year = items_returned.year
            and by_form.guiding_item = items_returned.guiding_item
    where items_returned.park_id is null

),

marked as (

    select
        rows_united.*,
        indicators.method,
        items.guiding_indicator,
        indicators.judged_by,
        not rows_united.is_applicable and rows_united.stated_reason is not null as is_left_out,
        rows_united.is_applicable
        and case indicators.judged_by
            when 'level'
                then
                    rows_united.limit_level >= 1
                    and rows_united.limit_level <= {{ threshold('limit_level_max') }}
            else
                rows_united.counted_quantity is not null and rows_united.whole_quantity is not null
        end as is_held,
        indicators.judged_by = 'level'
        and rows_united.is_applicable
        and (
            rows_united.limit_level < 1
            or rows_united.limit_level > {{ threshold('limit_level_max') }}
        ) as is_no_level
    from rows_united
    inner join items on rows_united.guiding_item = items.guiding_item
    inner join indicators on items.guiding_indicator = indicators.guiding_indicator

),

-- How many items there are: one each, and of those with details as many as were returned.
expected as (

    select
        indicators.method,
        items.guiding_indicator,
        count(*) as item_count
    from items
    inner join indicators on items.guiding_indicator = indicators.guiding_indicator
    group by indicators.method, items.guiding_indicator

),

summed as (

    select
        park_id,
        year,
        method,
        guiding_indicator,
        judged_by,
        count(*) as row_count,
        count(distinct guiding_item) as item_count,
        count(case when is_left_out then 1 end) as left_out_count,
        count(case when not is_applicable and not is_left_out then 1 end) as unreasoned_count,
        count(case when is_held then 1 end) as held_count,
        count(case when is_no_level then 1 end) as no_level_count,
        count(distinct case when is_held and judged_by = 'share' then base_unit end) as unit_count,
        sum(case when is_held then counted_quantity end) as counted_quantity,
        sum(case when is_held then whole_quantity end) as whole_quantity,
        max(case when is_held then limit_level end) as limit_level,
        min(case when is_left_out then stated_reason end) as stated_reason,
        max(origin_rank) as origin_rank
    from marked
    group by park_id, year, method, guiding_indicator, judged_by

),

counted as (

    select
        summed.*,
        summed.row_count - summed.left_out_count + expected.item_count - summed.item_count
            as applicable_count
    from summed
    inner join expected
        on
            summed.method = expected.method
            and summed.guiding_indicator = expected.guiding_indicator

),

final as (

    select
        park_id,
        year,
        method,
        guiding_indicator,
        case
            when applicable_count = 0 then null
            when judged_by = 'level' then cast(limit_level as double)
            when unit_count = 1 then counted_quantity / nullif(whole_quantity, 0)
        end as item_value,
        cast(held_count as double) / nullif(applicable_count, 0) as item_coverage,
        case
            when applicable_count = 0 then 'not_applicable'
            when unreasoned_count > 0 then 'reason_not_stated'
            when no_level_count > 0 then 'no_such_level'
            when held_count = 0 then 'not_returned'
            when unit_count > 1 then 'units_differ'
            when held_count < applicable_count then 'incomplete'
            when judged_by = 'share' and whole_quantity = 0 then 'nothing_to_use'
        end as value_refusal,
        case when applicable_count = 0 then stated_reason end as stated_reason,
        origin_rank
    from counted

)

select * from final
order by park_id, year, method, guiding_indicator
