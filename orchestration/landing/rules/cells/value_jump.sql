-- A figure that counts and is many times, or a small part of, the same series in every file and
-- every other year of its own table near in time.
with neighbours as (
    select
        compared.cell_id,
        compared.quantity,
        compared.peer_quantity,
        compared.share,
        compared.is_newer,
        files.file_name as place
    from compared
    inner join files on compared.peer_number = files.file_number
    union all
    select
        mine.cell_id,
        mine.quantity,
        peer.quantity as peer_quantity,
        greatest(mine.share, peer.share) as share,
        mine.year > peer.year as is_newer,
        peer.year::varchar as place
    from material as mine
    inner join material as peer
        on
            mine.file_number = peer.file_number
            and mine.region_code = peer.region_code
            and mine.item_label is not distinct from peer.item_label
            and mine.fuel_code is not distinct from peer.fuel_code
            and mine.indicator is not distinct from peer.indicator
            and abs(mine.year - peer.year) between 1 and 2
)

select
    neighbours.cell_id,
    any_value(measured.value_text) || ' against '
        || string_agg(
            distinct neighbours.place || ' ' || round(neighbours.peer_quantity, 4), ', '
        ) as detail
from neighbours
inner join open_cells as measured on neighbours.cell_id = measured.cell_id
where neighbours.quantity > 0 and neighbours.peer_quantity > 0 and not measured.may_be_negative
group by neighbours.cell_id
having
    bool_and(
        abs(ln(neighbours.quantity / neighbours.peer_quantity)) > ln(threshold('jump_ratio_max'))
    )
    and bool_and(neighbours.share > threshold('material_share'))
    and is_suspect(bool_or(neighbours.is_newer), count(*))
