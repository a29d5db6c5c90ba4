-- A whole file or one of its columns is ten, a hundred, ten thousand ... times what is known.
with powers as (
    select
        file_number,
        peer_number,
        is_newer,
        column_rank,
        column_name,
        share,
        round(log10(quantity / peer_quantity)) as power,
        abs(log10(quantity / peer_quantity) - round(log10(quantity / peer_quantity)))
        < log10(threshold('shift_fit_ratio')) as is_exact
    from compared
    where quantity > 0 and peer_quantity > 0
),

grouped as (
    select
        file_number,
        peer_number,
        is_newer,
        case when grouping(column_rank) = 0 then column_name end as column_name,
        mode(power) as power,
        count(*) as cells,
        sum(share) as share,
        avg((power = 0)::int) as share_unmoved
    from powers
    group by grouping sets (
        (file_number, peer_number, is_newer),
        (file_number, peer_number, is_newer, column_rank, column_name)
    )
),

suspected as (
    select
        grouped.*,
        (
            select avg((powers.is_exact and powers.power = grouped.power)::int)
            from powers
            where
                powers.file_number = grouped.file_number
                and powers.peer_number = grouped.peer_number
                and (grouped.column_name is null or powers.column_name = grouped.column_name)
        ) as share_moved
    from grouped
    where power <> 0
)

select
    suspected.file_number,
    max_by(
        coalesce('column ' || suspected.column_name || ': ', '') || '10^' || suspected.power::int
            || ' times what ' || files.file_name || ' has',
        suspected.cells
    ) as detail
from suspected
inner join files on suspected.peer_number = files.file_number
where
    suspected.is_newer
    and suspected.cells >= threshold('unit_cells_min')
    and suspected.share_moved > threshold('unit_share_min')
    and suspected.share > threshold('material_share')
    and not exists (
        -- another file finds the same column as large as it is
        select 1 from grouped
        where
            grouped.file_number = suspected.file_number
            and grouped.column_name is not distinct from suspected.column_name
            and grouped.share_unmoved > threshold('unit_share_min')
    )
group by suspected.file_number
