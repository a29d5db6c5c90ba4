-- A part of the country that is as large as the whole: national figures under a province's name.
-- Where most parts are, it is the whole that is wrong.
with pairs as (
    select
        part.file_number as part_number,
        whole.file_number as whole_number,
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
            and part.item_label is not distinct from whole.item_label
            and part.fuel_code is not distinct from whole.fuel_code
            and part.indicator is not distinct from whole.indicator
    where part.quantity > 0 and whole.quantity > 0
    group by part.file_number, whole.file_number, regions.region_code, regions.parent_code
    having count(*) >= threshold('unit_cells_min')
),

judged as (
    select
        *,
        too_large > 0.5 * figures as is_exceeding,
        count(*) filter (too_large > 0.5 * figures) over same_whole as exceeding,
        count(*) over same_whole as parts
    from pairs
    window same_whole as (partition by whole_number, parent_code)
)

select
    case when exceeding >= 2 and exceeding > 0.5 * parts then whole_number else part_number end
        as file_number,
    region_code || ' is as large as ' || parent_code || ' in ' || too_large || ' of ' || figures
        || ' figures' as detail
from judged
where is_exceeding
