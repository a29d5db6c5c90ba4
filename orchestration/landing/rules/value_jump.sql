-- A figure that counts and is many times, or a small part of, the same series in every file and
-- every other year near in time. Which figures of a list are a series its catalogue says.
with neighbours as (
{% if kind == 'matrix' %}
    select
        compared.row_id,
        null::varchar as column_name,
        measured.value_text,
        compared.quantity,
        compared.peer_quantity,
        compared.share,
        compared.is_newer,
        files.file_name as place,
        threshold('jump_ratio_max') as ratio_max
    from compared
    inner join files on compared.peer_number = files.file_number
    inner join measured on compared.row_id = measured.row_id
    where not measured.may_be_negative
    union all
    select
        mine.row_id,
        null::varchar as column_name,
        measured.value_text,
        mine.quantity,
        peer.quantity as peer_quantity,
        greatest(mine.share, peer.share) as share,
        mine.year > peer.year as is_newer,
        peer.year::varchar as place,
        threshold('jump_ratio_max') as ratio_max
    from material as mine
    inner join material as peer
        on
            mine.file_number = peer.file_number
            and mine.region_code = peer.region_code
            and mine.item_code is not distinct from peer.item_code
            and mine.item_part is not distinct from peer.item_part
            and mine.fuel_code is not distinct from peer.fuel_code
            and mine.indicator is not distinct from peer.indicator
            and abs(mine.year - peer.year) between 1 and 2
    inner join measured on mine.row_id = measured.row_id
    where not measured.may_be_negative
{% else %}
{%- set limits = catalogue('catalog/dataset_yearly_limits.csv') %}
{% for limit in limits %}
    select
        mine.row_id,
        '{{ limit.column_name }}' as column_name,
        mine.year || ' ' || mine.{{ limit.column_name }} as value_text,
        mine.{{ limit.column_name }}::double as quantity,
        peer.{{ limit.column_name }}::double as peer_quantity,
        1 as share,
        mine.year > peer.year as is_newer,
        peer.year as place,
        threshold('{{ limit.maximum_threshold_id }}') as ratio_max
    from {{ rows }} as mine
    inner join {{ rows }} as peer
        on
            abs(mine.year::int - peer.year::int) between 1 and 2
            {% for name in keys if name not in ('vintage', 'year') %}
            and mine.{{ name }} is not distinct from peer.{{ name }}
            {% endfor %}
    {{ 'union all' if not loop.last }}
{% else %}
    select
        row_id, null::varchar as column_name, '' as value_text, 0 as quantity,
        0 as peer_quantity, 0 as share, false as is_newer, '' as place, 1 as ratio_max
    from {{ rows }} where false
{% endfor %}
{% endif %}
)

select
    row_id,
    column_name,
    any_value(value_text) || ' against ' || string_agg(
        distinct place || ' ' || round(peer_quantity, 4), ', '
        order by place || ' ' || round(peer_quantity, 4)
    ) as detail,
    any_value(value_text) || '，相邻为 ' || string_agg(
        distinct place || ' ' || round(peer_quantity, 4), '，'
        order by place || ' ' || round(peer_quantity, 4)
    ) as detail_zh
from neighbours
where quantity > 0 and peer_quantity > 0
group by row_id, column_name
having
    bool_and(abs(ln(quantity / peer_quantity)) > ln(ratio_max))
    and bool_and(share > threshold('material_share'))
    and is_suspect(bool_or(is_newer), count(distinct place))
