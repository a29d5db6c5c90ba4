-- A printed total that its printed parts do not add up to. The totals a sidecar declares may be
-- off by the rounding of what is printed; those of a regional balance by the share that offices
-- leave unexplained. More means that a row or column is missing or has slipped.
with declared as (
    select
        measured.table_id,
        measured.file_number,
        wanted.total_number,
        wanted.total,
        measured.sheet_name,
        wanted.concept,
        case when wanted.concept <> 'region' then measured.region_code end as region_code,
        case when wanted.concept <> 'year' then measured.year end as year,
        case when wanted.concept <> 'item'
            then concat_ws(' ', measured.item_code, measured.item_part) end as item_code,
        case when wanted.concept <> 'fuel' then measured.fuel_code end as fuel_code,
        case when wanted.concept <> 'indicator' then measured.indicator end as indicator,
        wanted.is_total,
        wanted.parts,
        measured.number,
        place_en(measured.sheet_name, measured.row_number, measured.column_number) as place,
        place_zh(measured.sheet_name, measured.row_number, measured.column_number) as place_in_zh,
        case
            when measured.clean_number ilike '%e%' then 0
            else 0.5 * pow(10, -length(split_part(measured.clean_number, '.', 2)))
        end as rounding
    from open_cells as measured
    inner join declared_totals as wanted
        on
            measured.file_number = wanted.file_number
            and case wanted.concept
                when 'region' then measured.region_code
                when 'year' then measured.year::varchar
                when 'item' then measured.item_code
                when 'fuel' then measured.fuel_code
                when 'indicator' then measured.indicator
            end = wanted.code
            and (wanted.concept <> 'item' or measured.item_part is not distinct from wanted.part)
    where measured.number is not null
),

declared_sums as (
    select
        list(distinct table_id) as tables,
        total || ' ' || concat_ws(' ', region_code, year, item_code, fuel_code, indicator) as name,
        any_value(place) filter (is_total) as place,
        any_value(place_in_zh) filter (is_total) as place_in_zh,
        coalesce(sum(number) filter (not is_total), 0) as parts_sum,
        max(number) filter (is_total) as total_number,
        sum(rounding) + 1e-9 * max(abs(number)) as tolerance
    from declared
    group by
        file_number, total_number, total, parts, sheet_name, concept, region_code, year,
        item_code, fuel_code, indicator
    having count(*) filter (is_total) = 1 and count(*) filter (not is_total) = any_value(parts)
),

parts_of_balances as (
    select
        measured.table_id,
        measured.file_number,
        measured.region_code,
        measured.year,
        measured.fuel_code,
        measured.fuel_label,
        measured.item_label,
        measured.number,
        measured.may_be_negative,
        balance_items.block,
        balance_items.is_aggregate,
        balance_items.balance_item = 'coke_reinput' as is_left_out,
        place_en(measured.sheet_name, measured.row_number, measured.column_number) as place,
        place_zh(measured.sheet_name, measured.row_number, measured.column_number) as place_in_zh,
        verdicts.row_id is null as is_open,
        bool_or(verdicts.row_id is null) over (
            partition by
                measured.file_number, measured.region_code, measured.year, measured.fuel_code,
                measured.item_code, measured.item_part
        ) as is_known
    from measured
    left join verdicts on measured.row_id = verdicts.row_id and verdicts.subject = 'matrices'
    left join balance_items on measured.balance_item = balance_items.balance_item
    where
        measured.fuel_code is not null
        and coalesce(balance_items.block in ('final', 'transformation'), true)
),

balances as (
    select
        file_number,
        region_code,
        year,
        fuel_code,
        block,
        list(distinct table_id) as tables,
        min(fuel_label) as fuel_label,
        min(item_label) filter (is_aggregate) as total_label,
        min(place) filter (is_aggregate) as place,
        min(place_in_zh) filter (is_aggregate) as place_in_zh,
        coalesce(sum(number) filter (not is_aggregate and not is_left_out), 0) as parts_sum,
        max(number) filter (is_aggregate) as total_number,
        max(abs(number)) as largest,
        bool_or(may_be_negative) filter (not is_aggregate) as parts_may_be_negative
    from parts_of_balances
    where is_open and number is not null and block is not null
    group by file_number, region_code, year, fuel_code, block
    having bool_or(is_aggregate) and bool_or(not is_aggregate)
),

-- Parts that another rule refused, or whose label nobody knows. Their number is a witness unless
-- it is one that cannot be.
lost as (
    select
        file_number,
        region_code,
        year,
        fuel_code,
        block,
        coalesce(sum(number), 0) as parts_lost,
        bool_and(number is not null and (number >= 0 or may_be_negative)) as is_witnessed
    from parts_of_balances
    where not is_known and coalesce(not is_aggregate and not is_left_out, true)
    group by file_number, region_code, year, fuel_code, block
),

checked as (
    select
        balances.*,
        greatest(
            threshold('total_difference_share') * largest, threshold('total_difference_minimum')
        ) as tolerance,
        total_number - parts_sum as difference,
        coalesce(sum(lost.parts_lost), 0) as parts_lost,
        count(lost.parts_lost) > 0 as has_lost,
        coalesce(bool_and(lost.is_witnessed), true) as is_witnessed
    from balances
    left join lost
        on
            balances.file_number = lost.file_number
            and balances.region_code = lost.region_code
            and balances.year = lost.year
            and balances.fuel_code = lost.fuel_code
            and coalesce(balances.block = lost.block, true)
    group by all
),

differences as (
    select tables, name, place, place_in_zh, parts_sum, total_number
    from declared_sums
    where abs(parts_sum - total_number) > tolerance
    union all
    select
        tables,
        fuel_label || ' ' || total_label as name,
        place,
        place_in_zh,
        parts_sum,
        total_number
    from checked
    where
        abs(difference) > tolerance
        -- the rest closes with what was refused, or leaves room for what it should have been
        and not (has_lost and abs(difference - parts_lost) <= tolerance)
        and not (
            has_lost and not is_witnessed and (difference > -tolerance or parts_may_be_negative)
        )
)

select
    unnest(tables) as table_id,
    name || ' (' || place || '): parts ' || round(parts_sum, 6) || ', printed total '
        || round(total_number, 6) as detail,
    name || '（' || place_in_zh || '）：分项之和 ' || round(parts_sum, 6) || '，印刷合计 '
        || round(total_number, 6) as detail_zh
from differences
