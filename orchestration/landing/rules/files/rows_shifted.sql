-- Figures that fit the row beside their own, see `slipped` in peers.sql.
select
    file_number,
    misfits || ' figures from row ' || first_row || ' on fit the row '
        || case step when 1 then 'below' else 'above' end || ' as known from ' || peer_name
        as detail
from slipped
where axis = 'row'
