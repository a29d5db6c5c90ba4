-- A part of the country that is as large as the whole: national figures under a province's name.
-- Where most parts are, it is the whole that is wrong.
with pairs as (
    select
        part.table_id as part_id,
        whole.table_id as whole_id,
        regions.region_code,
        regions.parent_code,
        count(*) as figures,
        count(*) filter (part.quantity >= whole.quantity) as too_large
    from material as part
    inner join regions on part.region_code = regions.region_code
    inner join material as whole
        on
            regions.parent_code = whole.region_code
            and part.dataset = whole.dataset
            and part.year = whole.year
            and part.item_code is not distinct from whole.item_code
            and part.item_part is not distinct from whole.item_part
            and part.fuel_code is not distinct from whole.fuel_code
            and part.indicator is not distinct from whole.indicator
    where part.quantity > 0 and whole.quantity > 0
    group by part.table_id, whole.table_id, regions.region_code, regions.parent_code
    having count(*) >= threshold('unit_cells_min')
),

judged as (
    select
        *,
        too_large > 0.5 * figures as is_exceeding,
        count(*) filter (too_large > 0.5 * figures) over same_whole as exceeding,
        count(*) over same_whole as parts
    from pairs
    window same_whole as (partition by whole_id, parent_code)
)

select
    case when exceeding >= 2 and exceeding > 0.5 * parts then whole_id else part_id end as table_id,
    region_code || ' is as large as ' || parent_code || ' in ' || too_large || ' of ' || figures
        || ' figures' as detail,
    figures || ' 个数字中有 ' || too_large || ' 个 ' || region_code || ' 不小于 ' || parent_code
        as detail_zh
from judged
where is_exceeding
