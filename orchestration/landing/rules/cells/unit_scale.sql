-- A whole table, or one row or column of it, is ten, a hundred, ten thousand ... times what is known.
with powers as (
    select
        cell_id,
        file_number,
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
    where quantity > 0 and peer_quantity > 0
),

placed as (
    select *, 'table' as scope, '' as place, '' as place_name from powers
    union all
    select *, 'column' as scope, sheet_name || '/' || column_rank as place,
        'column ' || column_name || ': ' as place_name
    from powers
    union all
    select *, 'row' as scope, sheet_name || '/' || file_row as place,
        'row ' || file_row || ': ' as place_name
    from powers
),

usual as (
    select
        *,
        mode(power) over (partition by file_number, peer_number, scope, place) as usual_power
    from placed
),

grouped as (
    select
        file_number,
        peer_number,
        scope,
        place,
        place_name,
        usual_power,
        bool_or(is_newer) as is_newer,
        count(*) as cells,
        sum(share) as share,
        avg((is_exact and power = usual_power)::int) as share_moved
    from usual
    group by file_number, peer_number, scope, place, place_name, usual_power
),

suspected as (
    select
        grouped.file_number,
        grouped.scope,
        grouped.place,
        any_value(grouped.place_name) || '10^' || any_value(grouped.usual_power)::int
            || ' times what ' || string_agg(files.file_name, ', ') || ' has' as detail
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
                other.file_number = grouped.file_number
                and other.scope = grouped.scope
                and other.place = grouped.place
                and other.usual_power = 0
                and other.share_moved > threshold('unit_share_min')
        )
    group by grouped.file_number, grouped.scope, grouped.place
    having is_suspect(bool_or(grouped.is_newer), count(*))
),

-- a table as a whole, then what of it is still open
refused_tables as (
    select file_number from suspected where scope = 'table'
)

select open_cells.cell_id, suspected.detail
from suspected
inner join open_cells on suspected.file_number = open_cells.file_number
where suspected.scope = 'table'
union all
select distinct on (usual.cell_id) usual.cell_id, suspected.detail
from suspected
inner join usual using (file_number, scope, place)
where suspected.scope <> 'table' and suspected.file_number not in (from refused_tables)
