-- The caption gives years, and the one year the sidecar says the table is of is not among them.
with years_said as (
    select
        file_number,
        list_transform(
            regexp_extract_all(captions, '\b(?:19|20)\d\d\b'), said -> said::int
        ) as years
    from files
    where sole_year is not null
)

select
    files.file_number,
    'caption says ' || list_aggregate(years_said.years, 'string_agg', ', ')
        || ', the sidecar says ' || files.sole_year as detail
from years_said
inner join files on years_said.file_number = files.file_number
where len(years_said.years) > 0 and not list_contains(years_said.years, files.sole_year)
