-- The caption gives years, and the one year the sidecar says the table is of is not among them.
-- Years that say something else are left out: of a yearbook, an edition, a month, prices.
with captions as (
    select
        file_number,
        sole_year,
        regexp_replace(
            captions,
            '(?i)((19|20)\d\d *[^0-9 （(]{0,12}(年鉴|版|yearbook|edition))'
            || '|((年鉴|版|yearbook|edition)[^0-9]{0,3}(19|20)\d\d)'
            || '|((19|20)\d\d(年\d|-\d\d?-\d|年?(不变价|可比价|价格|=100| prices)))',
            ' ', 'g'
        ) as words
    from files
    where sole_year is not null
),

years_said as (
    select
        file_number,
        list_transform(
            regexp_extract_all(words, '\b(?:19|20)\d\d\b'), said -> said::int
        ) as years
    from captions
)

select
    tables.table_id,
    'caption says ' || list_aggregate(years_said.years, 'string_agg', ', ')
        || ', the sidecar says ' || files.sole_year as detail,
    '标题为 ' || list_aggregate(years_said.years, 'string_agg', ', ')
        || '，旁注为 ' || files.sole_year as detail_zh
from years_said
inner join files on years_said.file_number = files.file_number
inner join tables on files.file_number = tables.file_number
where
    len(years_said.years) > 0
    -- two years may be the ends of a period
    and files.sole_year not between list_min(years_said.years) and list_max(years_said.years)
