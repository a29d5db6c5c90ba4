-- A whole table, or one row or column of it, is ten, a hundred, ten thousand ... times what is known.
{% if is_filled('compared') %}
with powers as (
    select
        row_id,
        table_id,
        peer_number,
        is_newer,
        sheet_name,
        file_row,
        column_rank,
        column_name,
        share,
        round(log10(quantity / peer_quantity)) as power,
        abs(log10(quantity / peer_quantity) - round(log10(quantity / peer_quantity)))
        < log10(threshold('shift_fit_ratio')) as is_exact
    from compared
    where quantity * peer_quantity > 0  -- what comes out of transformation is negative in both
),

placed as (
    select *, 'table' as scope, '' as place, '' as place_name, '全表' as place_name_zh
    from powers
    union all
    select *, 'column' as scope, sheet_name || '/' || column_rank as place,
        'column ' || column_name || ': ' as place_name, column_name || '列' as place_name_zh
    from powers
    union all
    select *, 'row' as scope, sheet_name || '/' || file_row as place,
        'row ' || file_row || ': ' as place_name, '第' || file_row || '行' as place_name_zh
    from powers
),

usual as (
    select
        *,
        mode(power) over (partition by table_id, peer_number, scope, place) as usual_power
    from placed
),

grouped as (
    select
        table_id,
        peer_number,
        scope,
        place,
        place_name,
        place_name_zh,
        usual_power,
        bool_or(is_newer) as is_newer,
        count(*) as cells,
        sum(share) as share,
        -- of the figures and of what they amount to: many copies of a small one are no unit
        least(
            avg((is_exact and power = usual_power)::int),
            sum(share) filter (is_exact and power = usual_power) / nullif(sum(share), 0)
        ) as share_moved
    from usual
    group by
        table_id, peer_number, scope, place, place_name, place_name_zh, usual_power
),

suspected as (
    select
        grouped.table_id,
        grouped.scope,
        grouped.place,
        any_value(grouped.place_name) || '10^' || any_value(grouped.usual_power)::int
            || ' times what ' || string_agg(distinct files.file_name, ', ' order by files.file_name)
            || ' has' as detail,
        any_value(grouped.place_name_zh) || '为 ' || string_agg(
            distinct files.file_name, '，' order by files.file_name
        ) || ' 的 10^' || any_value(grouped.usual_power)::int || ' 倍' as detail_zh
    from grouped
    inner join files on grouped.peer_number = files.file_number
    where
        grouped.usual_power <> 0
        and grouped.cells >= threshold('unit_cells_min')
        and grouped.share_moved > threshold('unit_share_min')
        and grouped.share > threshold('material_share')
        and not exists (
            -- another file finds the same place as large as it is
            select 1 from grouped as other
            where
                other.table_id = grouped.table_id
                and other.scope = grouped.scope
                and other.place = grouped.place
                and other.usual_power = 0
                and other.share_moved > threshold('unit_share_min')
        )
    group by grouped.table_id, grouped.scope, grouped.place
    having is_suspect(bool_or(grouped.is_newer), count(*))
),

-- a table as a whole, then what of it is still open
refused_tables as (
    select table_id from suspected where scope = 'table'
)

select open_cells.row_id, suspected.detail, suspected.detail_zh
from suspected
inner join open_cells on suspected.table_id = open_cells.table_id
where suspected.scope = 'table'
union all
select distinct on (usual.row_id) usual.row_id, suspected.detail, suspected.detail_zh
from suspected
inner join usual using (table_id, scope, place)
where suspected.scope <> 'table' and suspected.table_id not in (from refused_tables)
{% endif %}
