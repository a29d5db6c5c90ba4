-- Figures that fit the row beside their own, see `slipped` in peers.sql.
{% if is_filled('slipped') %}
select
    table_id,
    misfits || ' figures from row ' || first_row || ' on fit the row '
        || case step when 1 then 'below' else 'above' end || ' as known from ' || peer_name
        as detail,
    '自第' || first_row || '行起 ' || misfits || ' 个数字与'
        || case step when 1 then '下' else '上' end || '邻行相合，据 ' || peer_name as detail_zh
from slipped
where axis = 'row'
{% endif %}
