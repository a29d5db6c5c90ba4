-- Figures that do not fit what is known of their own column but fit the column beside it: a column was lost
-- or doubled, and labels and figures have slipped apart.
with fits as (
    select
        mine.file_number,
        mine.peer_number,
        mine.is_newer,
        mine.cell_id,
        step.step,
        min(mine.file_row) over (partition by mine.file_number, mine.peer_number, step.step)
            as first_row,
        abs(ln(mine.quantity / beside.peer_quantity)) < ln(threshold('shift_fit_ratio'))
            as fits_beside
    from compared as mine
    cross join (values (-1), (1)) as step (step)
    inner join compared as beside
        on
            mine.file_number = beside.file_number
            and mine.peer_number = beside.peer_number
            and mine.sheet_name = beside.sheet_name
            and mine.row_rank = beside.row_rank
            and mine.column_rank + step.step = beside.column_rank
    where
        mine.quantity > 0
        and mine.peer_quantity > 0
        and beside.peer_quantity > 0
        and abs(ln(mine.quantity / mine.peer_quantity)) > ln(threshold('shift_misfit_ratio'))
),

suspected as (
    select
        file_number,
        peer_number,
        is_newer,
        step,
        min(first_row) as first_row,
        count(*) as misfits,
        avg(fits_beside::int) as share_beside
    from fits
    group by file_number, peer_number, is_newer, step
    having
        count(*) >= threshold('comparison_cells_min')
        and avg(fits_beside::int) > threshold('shift_share_min')
),

cleared as (
    -- another file finds nothing wrong with it
    select file_number
    from compared
    where quantity > 0 and peer_quantity > 0
    group by file_number, peer_number
    having avg(
        (abs(ln(quantity / peer_quantity)) < ln(threshold('shift_misfit_ratio')))::int
    ) > threshold('shift_share_min')
)

select
    suspected.file_number,
    max_by(
        suspected.misfits || ' figures from row ' || suspected.first_row || ' on fit the column '
            || case suspected.step when 1 then 'to the right' else 'to the left' end || ' as known from '
            || files.file_name,
        suspected.share_beside
    ) as detail
from suspected
inner join files on suspected.peer_number = files.file_number
where
    suspected.file_number not in (select file_number from cleared)
    and suspected.is_newer
group by suspected.file_number
