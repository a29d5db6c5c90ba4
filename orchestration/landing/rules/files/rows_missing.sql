-- Labels the last edition of the table had and this one has not: the file ends too early.
-- A label counts as there whether or not a figure is printed for it.
with labels as (
    select
        measured.file_number,
        measured.dataset,
        files.table_key,
        any_value(measured.vintage) as vintage,
        max(measured.year) as year,
        concat_ws('/', measured.item_label, measured.fuel_label, measured.indicator_label,
            case when files.has_many_regions then measured.region_label end) as label
    from measured
    inner join files on measured.file_number = files.file_number
    group by measured.file_number, measured.dataset, files.table_key, label
),

file_years as (
    select file_number, dataset, table_key, any_value(vintage) as vintage, max(year) as year,
        count(*) as labels
    from labels
    group by file_number, dataset, table_key
),

pairs as (
    select mine.file_number, earlier.file_number as earlier_number, earlier.labels
    from file_years as mine
    inner join file_years as earlier
        on
            mine.dataset = earlier.dataset
            and mine.table_key = earlier.table_key
            and (mine.vintage, mine.year) > (earlier.vintage, earlier.year)
    qualify row_number() over (
        partition by mine.file_number
        order by earlier.vintage desc, earlier.year desc, earlier.file_number
    ) = 1
)

select
    pairs.file_number,
    count(*) || ' of ' || any_value(pairs.labels) || ' labels of ' || any_value(files.file_name)
        || ' are missing, such as ' || min(labels.label) as detail
from pairs
inner join labels on pairs.earlier_number = labels.file_number
inner join files on pairs.earlier_number = files.file_number
left join labels as mine
    on pairs.file_number = mine.file_number and labels.label = mine.label
where mine.label is null
group by pairs.file_number
having
    count(*) > threshold('labels_missing_max') * any_value(pairs.labels)
    and count(*) >= threshold('unit_cells_min')
