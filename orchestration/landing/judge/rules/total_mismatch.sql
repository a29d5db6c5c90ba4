-- A printed total that its printed parts do not add up to. The totals a sidecar declares may be
-- off by the rounding of what is printed; the identities of a balance by the share that offices
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

-- Numbers of balances with the sign they are kept with, so that totals are plain sums.
printed as (
    select
        measured.table_id,
        measured.file_number,
        measured.region_code,
        measured.year,
        measured.fuel_code,
        measured.unit,
        measured.fuel_label,
        measured.item_label,
        measured.balance_item,
        measured.industry_code,
        measured.item_code,
        measured.item_code <> measured.balance_item as is_sector,
        measured.number * coalesce(sign(measured.to_unit_factor), 1) as number,
        measured.may_be_negative,
        place_en(measured.sheet_name, measured.row_number, measured.column_number) as place,
        place_zh(measured.sheet_name, measured.row_number, measured.column_number) as place_in_zh,
        verdicts.row_id is null as is_open,
        bool_or(verdicts.row_id is null) over (
            partition by
                measured.file_number, measured.region_code, measured.year, measured.fuel_code,
                measured.unit, measured.item_code, measured.item_part
        ) as is_known
    from measured
    left join verdicts on measured.row_id = verdicts.row_id and verdicts.subject = 'matrices'
    where measured.fuel_code is not null
),

-- A sector is a part of the nearest sector above it that is printed, or else of the total.
sectors as (
    select
        printed.* exclude (place_in_zh),
        printed.place_in_zh,
        arg_min(wholes.industry_code, ancestors.distance) as whole_code
    from printed
    left join industry_ancestors as ancestors
        on printed.industry_code = ancestors.industry_code
    left join printed as wholes
        on
            printed.file_number = wholes.file_number
            and printed.region_code = wholes.region_code
            and printed.year = wholes.year
            and printed.fuel_code = wholes.fuel_code
            and printed.unit is not distinct from wholes.unit
            and printed.balance_item = wholes.balance_item
            and ancestors.ancestor_code = wholes.industry_code
            and wholes.is_sector
            and wholes.is_open
            and wholes.number is not null
    where printed.is_sector
    group by all
),

members as (
    select
        printed.*,
        identities.identity,
        'total' as role,
        identities.needs_item
    from printed
    inner join balance_identities as identities on printed.balance_item = identities.total_item
    where not printed.is_sector
    union all by name
    select
        printed.*,
        parts.identity,
        parts.role,
        null as needs_item
    from printed
    inner join balance_identity_parts as parts on printed.balance_item = parts.balance_item
    where not printed.is_sector
    union all by name
    select
        sectors.* exclude (whole_code),
        coalesce(sectors.balance_item || '/' || sectors.whole_code, parts.identity) as identity,
        case when sectors.whole_code is null then 'part' else 'sector' end as role,
        null as needs_item
    from sectors
    left join balance_identity_parts as parts on sectors.balance_item = parts.balance_item
    where sectors.whole_code is not null or parts.identity is not null
    union all by name
    select
        sectors.* exclude (whole_code),
        sectors.balance_item || '/' || sectors.industry_code as identity,
        'total' as role,
        null as needs_item
    from sectors
),

balances as (
    select
        file_number,
        region_code,
        year,
        fuel_code,
        unit,
        identity,
        list(distinct table_id) as tables,
        min(fuel_label) as fuel_label,
        min(item_label) filter (role = 'total') as total_label,
        min(place) filter (role = 'total') as place,
        min(place_in_zh) filter (role = 'total') as place_in_zh,
        max(needs_item) as needs_item,
        coalesce(sum(number) filter (role in ('part', 'sector')), 0) as parts_sum,
        coalesce(sum(number) filter (role = 'either'), 0) as either_sum,
        sum(number) filter (role = 'of_which') as of_which_sum,
        max(number) filter (role = 'total') as total_number,
        max(abs(number)) as largest,
        count(distinct item_code) filter (role = 'part') as parts,
        count(distinct industry_code) filter (role = 'sector') as sector_parts,
        list(distinct industry_code) filter (role = 'sector') as sector_codes,
        any_value(industry_code) filter (role = 'total') as whole_code,
        bool_or(may_be_negative) filter (role <> 'total') as parts_may_be_negative
    from members
    where is_open and number is not null
    group by file_number, region_code, year, fuel_code, unit, identity
    having bool_or(role = 'total') and bool_or(role <> 'total')
),

-- Parts that another rule refused, or whose label nobody knows. Their number is a witness unless
-- it is one that cannot be.
lost as (
    select
        file_number,
        region_code,
        year,
        fuel_code,
        identity,
        coalesce(sum(number), 0) as parts_lost,
        bool_and(number is not null and (number >= 0 or may_be_negative)) as is_witnessed
    from (
        select file_number, region_code, year, fuel_code, identity, number, may_be_negative
        from members where not is_known and role in ('part', 'sector')
        union all
        select file_number, region_code, year, fuel_code, null, number, may_be_negative
        from printed where not is_known and balance_item is null
    )
    group by file_number, region_code, year, fuel_code, identity
),

checked as (
    select
        balances.*,
        greatest(
            threshold('total_difference_share') * largest, threshold('total_difference_minimum')
        ) as tolerance,
        case
            when abs(total_number - parts_sum - either_sum) < abs(total_number - parts_sum)
                then total_number - parts_sum - either_sum
            else total_number - parts_sum
        end as difference,
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
            and coalesce(balances.identity = lost.identity, true)
    where
        balances.needs_item is null
        or exists (
            select 1 from printed as needed
            where
                needed.file_number = balances.file_number
                and needed.region_code = balances.region_code
                and needed.year = balances.year
                and needed.fuel_code = balances.fuel_code
                and needed.unit is not distinct from balances.unit
                and needed.balance_item = balances.needs_item
                and needed.number is not null
        )
    group by all
),

-- Of sectors as many as the tree has, or more than the whole: some tables print a choice of them.
judged as (
    select
        *,
        coalesce(of_which_sum > total_number + tolerance, false) as is_exceeded,
        parts > 1
        or (sector_parts > 0 and (
            difference < 0
            or sector_parts = (
                select count(*) from industry_ancestors as children
                where
                    children.ancestor_code = checked.whole_code and children.distance = 1
                    and list_contains(checked.sector_codes, children.industry_code)
            )
            and sector_parts = (
                select count(*) from industry_ancestors as children
                where children.ancestor_code = checked.whole_code and children.distance = 1
            )
        )) as is_whole
    from checked
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
        total_number - difference as parts_sum,
        total_number
    from judged
    where
        is_exceeded or (
            is_whole
            and abs(difference) > tolerance
            -- the rest closes with what was refused, or leaves room for what it should have been
            and not (has_lost and abs(difference - parts_lost) <= tolerance)
            and not (
                has_lost and not is_witnessed
                and (difference > -tolerance or parts_may_be_negative)
            )
        )
)

select
    unnest(tables) as table_id,
    name || ' (' || place || '): parts ' || round(parts_sum, 6) || ', printed total '
        || round(total_number, 6) as detail,
    name || '（' || place_in_zh || '）：分项之和 ' || round(parts_sum, 6) || '，印刷合计 '
        || round(total_number, 6) as detail_zh
from differences
