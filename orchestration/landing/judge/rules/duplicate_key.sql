-- The first of several values of one key in a folder of data is kept, in the order of file, row
-- and column; a folder added later supersedes. Printed parts of one code are values of one key
-- that add up, if they are of one file and it does not print the code as a whole too.
{% set key = keys | join(', ') %}
with suspects as (
    select printed.*, folders.root
    from {{ rows }} as printed
    inner join (select load_id, root_rank as root from files) as folders
        on printed.load_id = folders.load_id
    where hash({{ key }}) in (
        -- hashes first: most keys stand once, and need not be kept
        select hash({{ key }}) from {{ rows }} group by all having count(*) > 1
    )
),

placed as (
    select
        *,
        file_name || ' row ' || row_number as place,
        file_name || ' 第' || row_number || '行' as place_zh,
        (file_name, item_part is not null, sheet_name, row_number, column_number, row_id) as spot,
        min(file_name) over (partition by root, {{ key }}) as first_file
    from suspects
),

ranked as (
    select
        row_id,
        file_name = first_file as is_of_first_file,
        item_part,
        bool_or(item_part is null and file_name = first_file) over same_key as has_whole,
        row_number() over same_part as copy_number,
        arg_min(place, spot) over same_key as first_place,
        arg_min(place_zh, spot) over same_key as first_place_zh,
        arg_min(place, spot) over same_part as part_place,
        arg_min(place_zh, spot) over same_part as part_place_zh
    from placed
    window
        same_key as (partition by root, {{ key }}),
        same_part as (partition by root, {{ key }}, file_name, item_part order by spot)
)

select
    row_id,
    case when is_of_first_file and not (has_whole and item_part is not null)
        then part_place else first_place end as detail,
    case when is_of_first_file and not (has_whole and item_part is not null)
        then part_place_zh else first_place_zh end as detail_zh
from ranked
where not is_of_first_file or (has_whole and item_part is not null) or copy_number > 1
