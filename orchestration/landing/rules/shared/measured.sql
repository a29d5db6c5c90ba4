-- Every cell of every matrix with its number in the unit that quantities are kept in. A replacing
-- correction changes the number, never what was printed.
create or replace temp table measured as
with labelled as (
    select
        cells.*,
        files.dataset,
        files.file_name,
        files.load_id,
        files.root_rank,
        files.vintage,
        replaced.correction_id,
        case
            when replaced.correction_id is not null then replaced.replacement_text
            when regexp_full_match(cells.number_text, getvariable('number_pattern'))
                then replace(cells.number_text, ',', '')
            else cells.number_text
        end as clean_number
    from cells
    inner join files on cells.file_number = files.file_number
    left join corrections as replaced
        on
            replaced.action = 'replace'
            and replaced.state = 'applied'
            and files.file_name = replaced.file_name
            and cells.sheet_name = replaced.sheet_name
            and cells.row_number = replaced.row_number
            and cells.column_number = replaced.column_number
)

select
    labelled.*,
    regexp_full_match(clean_number, getvariable('number_pattern')) as is_number,
    try_cast(clean_number as double) as number,
    try_cast(clean_number as double) * to_unit_factor as quantity,
    fuels.unit as fuel_unit,
    indicators.unit as indicator_unit,
    datasets.fuel_units,
    coalesce(balance_items.may_be_negative, false) as may_be_negative
from labelled
left join fuels on labelled.fuel_code = fuels.fuel_code
left join indicators on labelled.indicator = indicators.indicator
left join datasets on labelled.dataset = datasets.dataset
left join balance_items on labelled.balance_item = balance_items.balance_item;

create or replace temp view open_cells as
select *
from measured
anti join (select row_id from verdicts where subject = 'matrices') using (row_id);
