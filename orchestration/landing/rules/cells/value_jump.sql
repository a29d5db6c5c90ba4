-- A figure that counts and is many times, or a small part of, the same series in every other
-- file near in time.
select
    compared.cell_id,
    any_value(measured.value_text) || ' against '
        || string_agg(distinct files.file_name || ' ' || round(compared.peer_quantity, 4), ', ')
        as detail
from compared
inner join open_cells as measured on compared.cell_id = measured.cell_id
inner join files on compared.peer_number = files.file_number
where compared.quantity > 0 and compared.peer_quantity > 0 and not measured.may_be_negative
group by compared.cell_id
having
    bool_and(abs(ln(compared.quantity / compared.peer_quantity)) > ln(threshold('jump_ratio_max')))
    and bool_and(compared.share > threshold('material_share'))
    and bool_or(compared.is_newer)
