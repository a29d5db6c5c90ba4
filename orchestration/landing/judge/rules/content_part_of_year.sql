-- A caption, a heading without a label or the name of the sheet says a part of a year, and the
-- figures stand under the whole year. The months of a list are no such part.
{% set month = subject.columns | selectattr('type', 'equalto', 'month') | list %}
{% set year = subject.columns | selectattr('type', 'equalto', 'year') | selectattr('is_key') | list %}
{% if kind == 'matrix' or year %}
with printed as (
    select
        rows.row_id,
        files.file_number,
        rows.sheet_name
    from {{ rows }} as rows
    inner join files on rows.load_id = files.load_id
    {% if month %}
    where rows.{{ month[0].name }} is null
    {% endif %}
),

lines as (
    select file_number, null as sheet_name, unnest(caption_lines) as line from files
    union all
    select distinct file_number, sheet_name, sheet_name from printed
),

-- 1-12月 is the year
stripped as (
    select
        file_number,
        sheet_name,
        regexp_replace(lower(line), (
            select string_agg(pattern, '|') from period_words where is_whole_year
        ), ' ', 'g') as words
    from lines
),

said as (
    select
        stripped.file_number,
        stripped.sheet_name,
        min(regexp_extract(stripped.words, period_words.pattern)) as period
    from stripped
    inner join period_words
        on
            not period_words.is_whole_year
            and regexp_matches(stripped.words, period_words.pattern)
    group by all
)

select
    printed.row_id,
    min('it says ' || said.period) as detail,
    min('印有 ' || said.period) as detail_zh
from printed
inner join said
    on
        printed.file_number = said.file_number
        and coalesce(said.sheet_name, printed.sheet_name) = printed.sheet_name
group by printed.row_id
{% endif %}
