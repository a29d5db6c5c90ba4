-- A row of a list that is about a year and gives none of its quantities says nothing, unless what it
-- says is that the thing does not apply.
{% set keys = subject.columns | selectattr('is_key') | list %}
{% set measures = subject.columns | selectattr('is_measure') | map(attribute='name') | list %}
{% set names = subject.columns | map(attribute='name') | list %}
{% if measures and keys | selectattr('type', 'equalto', 'year') | list %}
select
    row_id,
    '{{ measures | join(', ') }}' as detail,
    {% for name in measures %}
    {{ "|| '、' ||" if not loop.first }} heading_zh(load_id, '{{ name }}')
    {% endfor %}
    as detail_zh
from {{ rows }}
where
    coalesce({{ measures | join(', ') }}) is null
    {{ "and coalesce(is_applicable, 'true') <> 'false'" if 'is_applicable' in names }}
{% endif %}
