-- The months of a year that is returned as a whole too: they would count twice.
{% if subject.columns | selectattr('name', 'equalto', 'month') | list %}
select
    part.row_id,
    'month' as column_name,
    whole.file_name || ' row ' || whole.row_number as detail,
    whole.file_name || ' 第' || whole.row_number || '行' as detail_zh
from {{ rows }} as part
inner join {{ rows }} as whole
    on
        part.month is not null
        and whole.month is null
        {% for name in keys if name != 'month' %}
        and part.{{ name }} is not distinct from whole.{{ name }}
        {% endfor %}
{% endif %}
