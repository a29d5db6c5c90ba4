-- Labels the last edition of the table had and this one has not: the file ends too early. A label
-- counts as there whether or not a figure is printed for it, and one that nobody knows may be any.
-- A table is what all files of an edition hold of it, so that a part of it, in a folder of one's
-- own, is not one that was cut off.
with cells_known as (
    select
        tables.series_key,
        measured.table_id,
        measured.file_number,
        measured.file_name,
        measured.dataset,
        measured.vintage,
        max(measured.year) over (partition by measured.table_id) as table_year,
        concat_ws('/', measured.region_code, measured.item_code, measured.fuel_code,
            measured.indicator) as label,
        concat_ws('/', measured.item_label, measured.fuel_label, measured.indicator_label)
            as printed,
        (measured.region_label is null or measured.region_code is not null)
        and (measured.item_label is null or measured.item_code is not null)
        and (measured.fuel_label is null or measured.fuel_code is not null)
        and (measured.indicator_label is null or measured.indicator is not null) as is_known
    from measured
    inner join tables on measured.table_id = tables.table_id
),

editions as (
    select
        dataset,
        series_key,
        vintage,
        table_year,
        list(distinct file_number) as files,
        min(file_name) as file_name,
        count(distinct label) filter (is_known) as labels,
        count(distinct printed) filter (not is_known) as unknown
    from cells_known
    where table_year is not null
    group by dataset, series_key, vintage, table_year
),

pairs as (
    select
        mine.*,
        earlier.vintage as earlier_vintage,
        earlier.table_year as earlier_year,
        earlier.labels as earlier_labels,
        earlier.file_name as earlier_name
    from editions as mine
    inner join editions as earlier
        on
            mine.dataset = earlier.dataset
            and mine.series_key = earlier.series_key
            and (mine.vintage, mine.table_year) > (earlier.vintage, earlier.table_year)
            and not list_has_any(mine.files, earlier.files)
    qualify row_number() over (
        partition by mine.dataset, mine.series_key, mine.vintage, mine.table_year
        order by earlier.vintage desc, earlier.table_year desc
    ) = 1
),

labels as (
    select dataset, series_key, vintage, table_year, label, min(printed) as printed
    from cells_known
    where is_known
    group by dataset, series_key, vintage, table_year, label
),

short as (
    select
        pairs.dataset,
        pairs.series_key,
        pairs.vintage,
        pairs.table_year,
        any_value(pairs.earlier_labels) as of_labels,
        any_value(pairs.earlier_name) as earlier_name,
        count(*) as missing,
        min(labels.printed) as example
    from pairs
    inner join labels
        on
            pairs.dataset = labels.dataset
            and pairs.series_key = labels.series_key
            and pairs.earlier_vintage = labels.vintage
            and pairs.earlier_year = labels.table_year
    anti join labels as mine
        on
            pairs.dataset = mine.dataset
            and pairs.series_key = mine.series_key
            and pairs.vintage = mine.vintage
            and pairs.table_year = mine.table_year
            and labels.label = mine.label
    group by pairs.dataset, pairs.series_key, pairs.vintage, pairs.table_year, pairs.unknown
    having
        count(*) - pairs.unknown > threshold('labels_missing_max') * any_value(pairs.earlier_labels)
        and count(*) >= threshold('unit_cells_min')
)

select distinct
    cells_known.table_id,
    short.missing || ' of ' || short.of_labels || ' labels of ' || short.earlier_name
        || ' are missing, such as ' || short.example as detail,
    short.earlier_name || ' 的 ' || short.of_labels || ' 个标签中缺 ' || short.missing || ' 个，如 '
        || short.example as detail_zh
from short
inner join cells_known
    on
        short.dataset = cells_known.dataset
        and short.series_key = cells_known.series_key
        and short.vintage = cells_known.vintage
        and short.table_year = cells_known.table_year
