-- Every cell of every matrix with codes in place of labels and its number in the fuel's own unit.
-- A replacing correction changes the number, never what was printed.
create temp table measured as
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
    case
        when regexp_full_match(year_label, '(19|20)\d\d年?') then substr(year_label, 1, 4)::int
    end as year,
    regions.region_code,
    coalesce(items.balance_item, case when industries.industry_code is not null
        then 'final_consumption' end) as balance_item,
    coalesce(items.balance_item, industries.industry_code) as item_code,
    fuel_aliases.fuel_code,
    indicators.indicator,
    units.unit,
    fuels.unit as fuel_unit,
    try_cast(clean_number as double) * units.to_unit_factor::double as quantity,
    coalesce(items.may_be_negative, false) as may_be_negative
from labelled
left join region_aliases as regions on labelled.region_label = regions.alias
left join items on labelled.item_label = items.alias
left join industry_aliases as industries on labelled.item_label = industries.alias
left join fuel_aliases on labelled.fuel_label = fuel_aliases.alias
left join fuels on fuel_aliases.fuel_code = fuels.fuel_code
left join indicator_aliases as indicators on labelled.indicator_label = indicators.alias
left join units on labelled.unit_label = units.unit_label;

create temp table verdicts (cell_id bigint, rule varchar, detail varchar);

create temp view open_cells as
select * from measured anti join verdicts using (cell_id);
