-- A file of a folder added later has the same key: its value is the one kept.
{% if roots | length > 1 %}
select
    mine.row_id,
    arg_min(
        later.file_name || ' row ' || later.row_number,
        (-later.root, later.file_name, later.sheet_name, later.row_number, later.row_id)
    ) as detail,
    arg_min(
        later.file_name || ' 第' || later.row_number || '行',
        (-later.root, later.file_name, later.sheet_name, later.row_number, later.row_id)
    ) as detail_zh
from (
    select printed.*, files.root_rank as root
    from {{ rows }} as printed
    inner join files on printed.load_id = files.load_id
    where files.root_rank < {{ roots | last }}
) as mine
inner join (
    select printed.*, files.root_rank as root
    from {{ rows }} as printed
    inner join files on printed.load_id = files.load_id
    where files.root_rank > {{ roots | first }}
) as later
    on
        mine.root < later.root
        {% for name in keys %}
        and mine.{{ name }} is not distinct from later.{{ name }}
        {% endfor %}
group by mine.row_id
{% endif %}
