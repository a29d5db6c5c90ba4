-- The caption names quantities, and none is of the dimension of the figures: 人均, 比重, 排放 above
-- what the sidecar calls product or fuel use. A word that makes another quantity of the one beside
-- it decides what a phrase names.
{% if kind == 'matrix' %}
with held as (
    select
        measured.file_number,
        list(distinct case
            when units.dimension in ('mass', 'volume', 'electricity', 'energy_ce') then 'energy'
            when units.dimension = 'co2e' then 'co2'
            else units.dimension
        end) as dimensions,
        array_to_string(list_sort(list(distinct measured.unit_label)), ', ') as unit_labels
    from measured
    inner join units on measured.unit = units.unit
    group by measured.file_number
),

lines as (
    select file_number, unnest(caption_lines) as line from files
),

phrases as (
    select
        file_number,
        unnest(regexp_split_to_array(
            -- units, yearbooks and what says how money is counted name no quantity
            regexp_replace(lower(line), (
                select
                    '单\s*位\s*[:：].*|unit\s*[:：].*|[^ ,，、;；:：(（《]{0,12}年鉴|'
                    || string_agg(pattern, '|' order by length(word) desc)
                from caption_words where dimension is null and length(word) > 2
            ), ' ', 'g'),
            '[、，,;；。()（）]|和|与|及|\band\b'
        )) as phrase
    from lines
    where not regexp_matches(line, '^\s*(注|说明|note)|。\s*$', 'i')
),

named as (
    select
        phrases.file_number,
        phrases.phrase,
        caption_words.word,
        caption_words.dimension,
        caption_words.is_modifier,
        bool_or(caption_words.is_modifier) over (
            partition by phrases.file_number, phrases.phrase
        ) as is_modified
    from phrases
    inner join caption_words
        on
            caption_words.dimension is not null
            and regexp_matches(phrases.phrase, caption_words.pattern)
),

contradicted as (
    select
        named.file_number,
        string_agg(distinct named.word, ', ' order by named.word) as said,
        any_value(held.unit_labels) as meant
    from named
    inner join held on named.file_number = held.file_number
    where named.is_modifier or not named.is_modified
    group by named.file_number
    having not bool_or(list_contains(held.dimensions, named.dimension))
)

select
    printed.row_id,
    'the caption says ' || contradicted.said || ', the figures are in ' || contradicted.meant
        as detail,
    '标题为 ' || contradicted.said || '，数值以 ' || contradicted.meant || ' 计' as detail_zh
from contradicted
inner join {{ rows }} as printed on contradicted.file_number = printed.file_number
{% endif %}
