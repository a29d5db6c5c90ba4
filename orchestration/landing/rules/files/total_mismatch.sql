-- A printed total that its printed parts do not add up to. The totals a sidecar declares may be
-- off by the rounding of what is printed; those of a regional balance by the share that offices
-- leave unexplained. More means that a row or column is missing or has slipped.
with declared as (
    select
        measured.file_number,
        wanted.total_number,
        wanted.total,
        measured.sheet_name,
        wanted.concept,
        case when wanted.concept <> 'region' then measured.region_code end as region_code,
        case when wanted.concept <> 'year' then measured.year end as year,
        case when wanted.concept <> 'item' then measured.item_label end as item_label,
        case when wanted.concept <> 'fuel' then measured.fuel_code end as fuel_code,
        case when wanted.concept <> 'indicator' then measured.indicator end as indicator,
        wanted.label = wanted.total as is_total,
        wanted.parts,
        measured.number,
        case
            when measured.clean_number ilike '%e%' then 0
            else 0.5 * pow(10, -length(split_part(measured.clean_number, '.', 2)))
        end as rounding
    from open_cells as measured
    inner join declared_totals as wanted
        on
            measured.file_number = wanted.file_number
            and case wanted.concept
                when 'region' then measured.region_label
                when 'year' then measured.year_label
                when 'item' then measured.item_label
                when 'fuel' then measured.fuel_label
                when 'indicator' then measured.indicator_label
            end = wanted.label
    where measured.number is not null
),

declared_sums as (
    select
        file_number,
        total,
        sum(number) filter (not is_total) as parts_sum,
        max(number) filter (is_total) as total_number,
        sum(rounding) + 1e-9 * max(abs(number)) as tolerance,
        concat_ws(' ', region_code, year, item_label, fuel_code, indicator) as place
    from declared
    group by
        file_number, total_number, total, parts, sheet_name, concept, region_code, year,
        item_label, fuel_code, indicator
    having count(*) filter (is_total) = 1 and count(*) filter (not is_total) = any_value(parts)
),

balances as (
    select
        file_number,
        region_code,
        year,
        fuel_label,
        block,
        sum(number) filter (not is_aggregate and balance_item <> 'coke_reinput') as parts_sum,
        max(number) filter (is_aggregate) as total_number,
        max(abs(number)) as largest
    from (
        select
            measured.file_number,
            measured.region_code,
            measured.year,
            measured.fuel_label,
            measured.number,
            measured.balance_item,
            balance_items.block,
            balance_items.is_aggregate
        from measured
        inner join balance_items on measured.balance_item = balance_items.balance_item
        where
            measured.number is not null
            and balance_items.block in ('final', 'transformation')
            and measured.cell_id not in (select cell_id from verdicts)
    )
    group by all
    having bool_or(is_aggregate) and bool_or(not is_aggregate)
),

differences as (
    select file_number, total || ' ' || place as place, parts_sum, total_number
    from declared_sums
    where abs(parts_sum - total_number) > tolerance
    union all by name
    select file_number, fuel_label || ' ' || block as place, parts_sum, total_number
    from balances
    where
        abs(coalesce(parts_sum, 0) - coalesce(total_number, 0)) > greatest(
            threshold('total_difference_share') * largest, threshold('total_difference_minimum')
        )
)

select
    file_number,
    string_agg(
        place || ': parts ' || round(coalesce(parts_sum, 0), 6) || ', printed total '
            || round(coalesce(total_number, 0), 6), '; '
        order by place
    ) as detail
from differences
group by file_number
