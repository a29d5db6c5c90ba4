-- The caption or the name of the file names a region, and none it names is in the file.
with regions_held as (
    select distinct file_number, region_code from measured where region_code is not null
),

places as (
    select
        file_number,
        'caption' as place,
        -- the name of a yearbook is not what the table is about
        regexp_replace(
            captions, '[^ ,，、;；:：(（《]{0,12}年鉴|([A-Z][a-z]+ ){1,4}Yearbook', ' ', 'g'
        ) as words
    from files
    union all
    select
        file_number,
        'name of the file' as place,
        ' ' || regexp_replace(
            regexp_extract(file_name, '[^/]*$'), '[^A-Za-z0-9\x{4e00}-\x{9fff}]+', ' ', 'g'
        ) || ' ' as words
    from files
),

mentioned as (
    select distinct
        places.file_number,
        places.place,
        region_aliases.region_code,
        region_aliases.alias
    from places
    inner join region_aliases
        on
            case
                -- two signs may be part of other words
                when region_aliases.is_two_signs
                    then contains(places.words, region_aliases.alias)
                        and regexp_matches(
                            places.words,
                            '(^|[^\x{4e00}-\x{9fff}]|[年省区市])' || region_aliases.alias
                        )
                when region_aliases.is_chinese
                    then contains(places.words, region_aliases.alias)
                when places.place = 'caption'
                    then length(region_aliases.alias) > 3
                        and contains(places.words, region_aliases.alias)
                when length(region_aliases.alias) > 3
                    then contains(lower(places.words), ' ' || lower(region_aliases.alias) || ' ')
                else false
            end
),

held as (
    select
        regions_held.file_number,
        list(regions_held.region_code) as codes,
        list(distinct regions.parent_code) as parents
    from regions_held
    inner join regions on regions_held.region_code = regions.region_code
    group by regions_held.file_number
),

contradicted as (
    select
        mentioned.file_number,
        mentioned.place,
        string_agg(distinct mentioned.alias, ', ' order by mentioned.alias) as said,
        list_aggregate(list_sort(any_value(held.codes))[:5], 'string_agg', ', ') as meant
    from mentioned
    inner join held on mentioned.file_number = held.file_number
    group by mentioned.file_number, mentioned.place
    having
        not bool_or(list_contains(held.codes, mentioned.region_code))
        -- a table of a province's cities names the province, and so may the name of a city's file
        and not bool_or(
            (len(held.codes) > 1 or mentioned.place <> 'caption')
            and list_contains(held.parents, mentioned.region_code)
        )
)

select
    tables.table_id,
    place || ' says ' || said || ', the sidecar says ' || meant as detail,
    case place when 'caption' then '标题' else '文件名' end || '为 ' || said || '，旁注为 ' || meant
        as detail_zh
from contradicted
inner join tables on contradicted.file_number = tables.file_number
