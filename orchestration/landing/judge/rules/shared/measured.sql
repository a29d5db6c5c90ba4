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
),

numbered as (
    select
        *,
        regexp_full_match(clean_number, getvariable('number_pattern'))
        and is_figure(try_cast(clean_number as double)) as is_number
    from labelled
)

select
    numbered.*,
    case when is_number then try_cast(clean_number as double) end as number,
    case when is_number then try_cast(clean_number as double) end * to_unit_factor as quantity,
    fuels.unit as fuel_unit,
    indicators.unit as indicator_unit,
    datasets.fuel_units,
    coalesce(balance_items.may_be_negative, false) as may_be_negative
from numbered
left join fuels on numbered.fuel_code = fuels.fuel_code
left join indicators on numbered.indicator = indicators.indicator
left join datasets on numbered.dataset = datasets.dataset
left join balance_items on numbered.balance_item = balance_items.balance_item;

create or replace temp view open_cells as
select *
from measured
anti join (select row_id from verdicts where subject = 'matrices') using (row_id);
-- What power stations and heating plants burn and what they make, in a table of their own.
create or replace temp view plant_energy as
select
    printed.table_id,
    printed.file_number,
    printed.item_code,
    fuels.fuel_group = plants.product_group as is_product,
    printed.is_sign_unstated,
    any_value(printed.item_label) as item_label,
    sum(printed.quantity * coalesce(
        case when printed.unit = 'tce' then 1 else tce.tce_per_unit end, 1
    )) as energy,
    arg_max(
        place_en(printed.sheet_name, printed.row_number, printed.column_number),
        abs(printed.quantity)
    ) as place,
    arg_max(
        place_zh(printed.sheet_name, printed.row_number, printed.column_number),
        abs(printed.quantity)
    ) as place_in_zh
from open_cells as printed
inner join balance_plants as plants on printed.item_code = plants.balance_item
inner join fuels on printed.fuel_code = fuels.fuel_code
left join tce_per_unit as tce on printed.fuel_code = tce.fuel_code
where
    printed.quantity is not null
    -- power and heat go into each other's making; a total of all energy says nothing
    and (
        fuels.fuel_group = plants.product_group
        or fuels.fuel_group not in (select product_group from balance_plants)
    )
    and not starts_with(fuels.fuel_code, 'energy_total')
group by all;
-- No plant makes coal: where neither heading nor sidecar says which sign inputs have, it shows.
create or replace temp table shown_signs as
select
    table_id,
    any_value(file_number) as file_number,
    string_agg(distinct item_label, ', ' order by item_label) as item_labels,
    case
        when bool_and(case when is_product then energy < 0 else energy > 0 end) then 1
        when bool_and(case when is_product then energy > 0 else energy < 0 end) then -1
    end as input_sign
from plant_energy
where is_sign_unstated and energy <> 0
group by table_id
having input_sign is not null and not bool_and(is_product);
update measured
set
    quantity = measured.quantity * shown_signs.input_sign,
    to_unit_factor = measured.to_unit_factor * shown_signs.input_sign,
    is_sign_unstated = false
from shown_signs
where measured.table_id = shown_signs.table_id and measured.is_sign_unstated;
insert into notes
select
    file_number,
    case input_sign when 1 then 'inputs of transformation are positive'
        else 'inputs of transformation are negative' end
        || ': neither heading nor sidecar says so, the fuel of ' || item_labels
        || ' shows it; transformation_inputs in layout of the sidecar would state it',
    case input_sign when 1 then '加工转换的投入为正' else '加工转换的投入为负' end
        || '：表头和旁注均未写明，由' || replace(item_labels, ', ', '、')
        || '所用燃料可知；可在旁注 layout 中写 transformation_inputs'
from shown_signs
group by all;
