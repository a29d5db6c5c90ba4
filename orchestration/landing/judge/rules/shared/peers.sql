-- What the rules on whole tables compare with: the same series in another file, nearest in time. A
-- series is one of codes, in whatever words and language they are printed.
create or replace temp table material as
with weighed as (
    select
        measured.*,
        abs(quantity) * coalesce(tce.tce_per_unit, 1) as weight,
        max(abs(quantity)) over (
            partition by measured.table_id, measured.fuel_code, measured.indicator
        ) as column_maximum
    from open_cells as measured
    left join tce_per_unit as tce on measured.fuel_code = tce.fuel_code
    where quantity is not null
)

select
    row_id,
    table_id,
    file_number,
    dataset,
    sheet_name,
    root_rank,
    vintage,
    region_code,
    year,
    item_code,
    item_part,
    fuel_code,
    indicator,
    may_be_negative,
    number,
    quantity,
    dense_rank() over (partition by table_id, sheet_name order by row_number) as row_rank,
    dense_rank() over (partition by table_id, sheet_name order by column_number)
        as column_rank,
    row_number as file_row,
    column_name,
    -- share of all energy of the table where fuels can be added, else of the column's largest
    case
        when fuel_code is not null then weight / nullif(sum(weight) over (
            partition by table_id, year
        ), 0)
        else abs(quantity) / nullif(column_maximum, 0)
    end as share
from weighed;

create or replace temp table compared as
select
    mine.row_id,
    mine.table_id,
    mine.year,
    mine.may_be_negative,
    mine.sheet_name,
    mine.row_rank,
    mine.column_rank,
    mine.file_row,
    mine.column_name,
    mine.quantity,
    greatest(mine.share, peer.share) as share,
    peer.file_number as peer_number,
    peer.quantity as peer_quantity,
    (mine.vintage, mine.year, mine.root_rank, mine.file_number)
    > (peer.vintage, peer.year, peer.root_rank, peer.file_number) as is_newer
from material as mine
inner join material as peer
    on
        mine.dataset = peer.dataset
        and mine.file_number <> peer.file_number
        and mine.region_code = peer.region_code
        and mine.item_code is not distinct from peer.item_code
        and mine.item_part is not distinct from peer.item_part
        and mine.fuel_code is not distinct from peer.fuel_code
        and mine.indicator is not distinct from peer.indicator
        and abs(mine.year - peer.year) <= 2
-- one value per series and peer file: that of the nearest year
qualify row_number() over (
    partition by mine.row_id, peer.file_number
    order by abs(mine.year - peer.year), peer.year desc, peer.row_id
) = 1;

-- Figures that do not fit what a peer says of their own label but fit what it says of the label
-- beside them: a row or column was lost or doubled, and labels and figures have slipped apart.
create or replace temp table slipped as
with misfits as (
    select * from compared
    where
        quantity > 0
        and peer_quantity > 0
        and abs(ln(quantity / peer_quantity)) > ln(threshold('shift_misfit_ratio'))
),

beside as (
    select
        misfits.table_id,
        misfits.peer_number,
        misfits.is_newer,
        misfits.row_id,
        misfits.file_row,
        steps.axis,
        steps.step,
        abs(ln(misfits.quantity / neighbour.peer_quantity)) < ln(threshold('shift_fit_ratio'))
            as fits_beside
    from misfits
    cross join (values ('row', -1), ('row', 1), ('column', -1), ('column', 1)) as steps (axis, step)
    inner join compared as neighbour
        on
            misfits.table_id = neighbour.table_id
            and misfits.peer_number = neighbour.peer_number
            and misfits.sheet_name = neighbour.sheet_name
            and misfits.row_rank + case steps.axis when 'row' then steps.step else 0 end
            = neighbour.row_rank
            and misfits.column_rank + case steps.axis when 'column' then steps.step else 0 end
            = neighbour.column_rank
    where neighbour.peer_quantity > 0
),

suspected as (
    select
        table_id,
        peer_number,
        axis,
        step,
        bool_or(is_newer) as is_newer,
        min(file_row) as first_row,
        count(*) as misfits,
        avg(fits_beside::int) as share_beside
    from beside
    group by table_id, peer_number, axis, step
    having
        count(*) >= threshold('comparison_cells_min')
        and avg(fits_beside::int) > threshold('shift_share_min')
),

cleared as (
    -- another file finds the same figures in their right place
    select suspected.table_id, suspected.axis, suspected.step
    from suspected
    inner join beside using (table_id, peer_number, axis, step)
    inner join compared as other
        on beside.row_id = other.row_id and beside.peer_number <> other.peer_number
    where other.quantity > 0 and other.peer_quantity > 0
    group by
        suspected.table_id, suspected.peer_number, suspected.axis, suspected.step,
        other.peer_number
    having avg(
        (abs(ln(other.quantity / other.peer_quantity)) < ln(threshold('shift_misfit_ratio')))::int
    ) > threshold('shift_share_min')
)

select
    suspected.table_id,
    suspected.axis,
    suspected.step,
    max_by(suspected.misfits, suspected.share_beside) as misfits,
    max_by(suspected.first_row, suspected.share_beside) as first_row,
    max_by(files.file_name, suspected.share_beside) as peer_name
from suspected
inner join files on suspected.peer_number = files.file_number
anti join cleared
    on
        suspected.table_id = cleared.table_id
        and suspected.axis = cleared.axis
        and suspected.step = cleared.step
group by suspected.table_id, suspected.axis, suspected.step
having is_suspect(bool_or(suspected.is_newer), count(*));
