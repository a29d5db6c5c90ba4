-- The caption, or a region code in the name of the file, names a region that is not in the file.
with regions_held as (
    select distinct file_number, region_code from measured where region_code is not null
),

mentioned as (
    select distinct
        files.file_number,
        region_aliases.region_code,
        region_aliases.alias,
        'caption' as place
    from files
    inner join region_aliases
        on
            -- the name of a yearbook is not what the table is about
            contains(
                regexp_replace(files.captions, '(中国|China)[^年 ]{0,12}(年鉴|Yearbook)', '', 'g'),
                region_aliases.alias
            )
            and (length(region_aliases.alias) > 3 or region_aliases.alias ~ '[\x{4e00}-\x{9fff}]{2,}')
    union all
    select distinct
        files.file_number,
        region_aliases.region_code,
        region_aliases.alias,
        'name of the file' as place
    from files
    inner join region_aliases
        on
            regexp_matches(region_aliases.alias, '^\d{6}$')
            and list_contains(
                regexp_extract_all(files.file_name, '(?:^|[^0-9])(\d{6})(?:[^0-9]|$)', 1),
                region_aliases.alias
            )
),

held as (
    select
        regions_held.file_number,
        list(regions_held.region_code) as codes,
        list(distinct regions.parent_code) as parents
    from regions_held
    inner join regions on regions_held.region_code = regions.region_code
    group by regions_held.file_number
)

select
    mentioned.file_number,
    mentioned.place || ' says ' || string_agg(distinct mentioned.alias, ', ')
        || ', the sidecar says ' || list_aggregate(any_value(held.codes)[:5], 'string_agg', ', ')
        as detail
from mentioned
inner join held on mentioned.file_number = held.file_number
group by mentioned.file_number, mentioned.place
having
    not bool_or(list_contains(held.codes, mentioned.region_code))
    -- a table of a province's cities names the province
    and not bool_or(
        len(held.codes) > 1 and list_contains(held.parents, mentioned.region_code)
    )
