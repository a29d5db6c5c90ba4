-- A line above a list gives years, and that of the row is not among them: the copy of another year
-- under a new title. When something was filled in says nothing of its year.
{% set year = subject.columns | selectattr('type', 'equalto', 'year') | selectattr('is_key') | list %}
{% if year %}
with lines as (
    select load_id, unnest(caption_lines) as line from files
),

years_said as (
    select
        load_id,
        flatten(list(list_transform(
            regexp_extract_all(line, '(?:19|20)\d\d'), said -> said::int
        ))) as years
    from lines
    where not regexp_matches(line, '(?i)日期|时间|文件|号|date|edition|年鉴|版')
    group by load_id
)

select
    rows.row_id,
    '{{ year[0].name }}' as column_name,
    'the caption says ' || list_aggregate(years_said.years, 'string_agg', ', ') || ', the row '
        || rows.{{ year[0].name }} as detail,
    '标题为 ' || list_aggregate(years_said.years, 'string_agg', ', ') || '，本行为 '
        || rows.{{ year[0].name }} as detail_zh
from {{ rows }} as rows
inner join years_said on rows.load_id = years_said.load_id
where
    len(years_said.years) > 0
    -- two years may be the ends of a period
    and try_cast(rows.{{ year[0].name }} as integer)
        not between list_min(years_said.years) and list_max(years_said.years)
{% endif %}
