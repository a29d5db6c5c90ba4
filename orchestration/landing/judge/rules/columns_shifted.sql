-- Figures that fit the column beside their own, see `slipped` in peers.sql.
{% if is_filled('slipped') %}
select
    table_id,
    misfits || ' figures from row ' || first_row || ' on fit the column '
        || case step when 1 then 'to the right' else 'to the left' end || ' as known from '
        || peer_name as detail,
    '自第' || first_row || '行起 ' || misfits || ' 个数字与'
        || case step when 1 then '右' else '左' end || '邻列相合，据 ' || peer_name as detail_zh
from slipped
where axis = 'column'
{% endif %}
