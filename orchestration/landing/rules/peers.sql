-- What the rules on whole files compare with: the same series in another file, nearest in time.
-- Of two files that disagree the newer one is suspect, unless other files side with it.
create temp table material as
with weighed as (
    select
        measured.*,
        abs(quantity) * coalesce(tce.tce_per_unit, 1) as weight,
        max(abs(quantity)) over (
            partition by measured.file_number, measured.fuel_code, measured.indicator
        ) as column_maximum
    from measured
    left join tce_per_unit as tce on measured.fuel_code = tce.fuel_code
    where quantity is not null and cell_id not in (select cell_id from verdicts)
)

select
    cell_id,
    file_number,
    dataset,
    sheet_name,
    root_rank,
    vintage,
    region_code,
    year,
    item_label,
    fuel_code,
    indicator,
    number,
    quantity,
    dense_rank() over (partition by file_number, sheet_name order by row_number) as row_rank,
    dense_rank() over (partition by file_number, sheet_name order by column_number)
        as column_rank,
    row_number as file_row,
    column_name,
    -- share of all energy of the file where fuels can be added, else of the column's largest
    case
        when fuel_code is not null then weight / nullif(sum(weight) over (
            partition by file_number, year
        ), 0)
        else abs(quantity) / nullif(column_maximum, 0)
    end as share
from weighed;

create temp table compared as
select
    mine.cell_id,
    mine.file_number,
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
        and mine.item_label is not distinct from peer.item_label
        and mine.fuel_code is not distinct from peer.fuel_code
        and mine.indicator is not distinct from peer.indicator
        and abs(mine.year - peer.year) <= 2
-- one value per series and peer file: that of the nearest year
qualify row_number() over (
    partition by mine.cell_id, peer.file_number
    order by abs(mine.year - peer.year), peer.year desc, peer.cell_id
) = 1;
