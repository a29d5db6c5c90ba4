-- A figure that counts and is many times, or a small part of, the same series in every file and
-- every other year near in time. Which figures of a list are a series its catalogue says.
{% if kind == 'matrix' %}
with neighbours as (
    select
        row_id,
        null::varchar as column_name,
        year,
        quantity,
        peer_quantity,
        share,
        is_newer,
        peer_number,
        null::integer as peer_year,
        threshold('jump_ratio_max') as ratio_max
    from compared
    where quantity > 0 and peer_quantity > 0 and not may_be_negative
    union all
    select
        mine.row_id,
        null::varchar as column_name,
        mine.year,
        mine.quantity,
        peer.quantity as peer_quantity,
        greatest(mine.share, peer.share) as share,
        mine.year > peer.year as is_newer,
        null::integer as peer_number,
        peer.year as peer_year,
        threshold('jump_ratio_max') as ratio_max
    from (
        select material.*, steps.step
        from material
        cross join (values (-2), (-1), (1), (2)) as steps (step)
    ) as mine
    inner join material as peer
        on
            mine.file_number = peer.file_number
            and mine.year + mine.step = peer.year
            and mine.region_code = peer.region_code
            and mine.item_code is not distinct from peer.item_code
            and mine.item_part is not distinct from peer.item_part
            and mine.fuel_code is not distinct from peer.fuel_code
            and mine.indicator is not distinct from peer.indicator
    where mine.quantity > 0 and peer.quantity > 0 and not mine.may_be_negative
),
{% else %}
with neighbours as (
    {% for limit in catalogue('catalog/dataset_yearly_limits.csv') %}
    select
        mine.row_id,
        '{{ limit.column_name }}' as column_name,
        mine.year,
        mine.{{ limit.column_name }}::double as quantity,
        peer.{{ limit.column_name }}::double as peer_quantity,
        1 as share,
        mine.year > peer.year as is_newer,
        null::integer as peer_number,
        peer.year::int as peer_year,
        threshold('{{ limit.maximum_threshold_id }}') as ratio_max
    from {{ rows }} as mine
    inner join {{ rows }} as peer
        on
            abs(mine.year::int - peer.year::int) between 1 and 2
            {% for name in keys if name not in ('vintage', 'year') %}
            and mine.{{ name }} is not distinct from peer.{{ name }}
            {% endfor %}
    where mine.{{ limit.column_name }}::double > 0 and peer.{{ limit.column_name }}::double > 0
    {{ 'union all' if not loop.last }}
    {% else %}
    select
        row_id, null::varchar as column_name, 0 as year, 0 as quantity, 0 as peer_quantity,
        0 as share, false as is_newer, 0 as peer_number, 0 as peer_year, 1 as ratio_max
    from {{ rows }}
    where false
    {% endfor %}
),
{% endif %}

suspects as (
    select row_id, coalesce(column_name, '') as column_name
    from neighbours
    group by row_id, column_name
    having
        bool_and(abs(ln(quantity / peer_quantity)) > ln(ratio_max))
        and bool_and(share > threshold('material_share'))
        and is_suspect(
            bool_or(is_newer), count(distinct peer_number) + count(distinct peer_year)
        )
),

told as (
    select
        suspects.row_id,
        neighbours.column_name,
        neighbours.year || ' ' || round(neighbours.quantity, 4) as figure,
        coalesce(files.file_name, neighbours.peer_year::varchar) || ' '
            || round(neighbours.peer_quantity, 4) as peer
    from suspects
    inner join neighbours
        on
            suspects.row_id = neighbours.row_id
            and suspects.column_name = coalesce(neighbours.column_name, '')
    left join files on neighbours.peer_number = files.file_number
)

select
    row_id,
    column_name,
    any_value(figure) || ' against ' || string_agg(distinct peer, ', ' order by peer) as detail,
    any_value(figure) || '，相邻为 ' || string_agg(distinct peer, '，' order by peer) as detail_zh
from told
group by row_id, column_name
