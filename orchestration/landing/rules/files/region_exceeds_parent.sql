-- A part of the country that is as large as the whole: national figures under a province's name.
with pairs as (
    select
        part.file_number,
        regions.region_code,
        regions.parent_code,
        part.quantity >= whole.quantity as is_too_large
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
)

select
    file_number,
    region_code || ' is as large as ' || parent_code || ' in ' || count(*) filter (is_too_large)
        || ' of ' || count(*) || ' figures' as detail
from pairs
group by file_number, region_code, parent_code
having count(*) >= 3 and avg(is_too_large::int) > 0.5
