-- Figures that fit the column beside their own, see `slipped` in peers.sql.
select
    file_number,
    misfits || ' figures from row ' || first_row || ' on fit the column '
        || case step when 1 then 'to the right' else 'to the left' end || ' as known from ' || peer_name
        as detail
from slipped
where axis = 'column'
