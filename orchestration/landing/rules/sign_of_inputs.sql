-- Power stations burn fuel and give power, heating plants burn fuel and give heat. A table in which
-- that is the other way round has other signs than its heading or its sidecar says.
with burnt as (
    select
        printed.table_id,
        printed.item_code,
        fuels.fuel_group = plants.product_group as is_product,
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
    from {{ rows }} as printed
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
    group by all
)

select
    table_id,
    item_label || ' (' || place || '): ' || case
        when is_product then 'what it makes has the sign of an input'
        else 'the fuel it burns has the sign of an output'
    end as detail,
    item_label || '（' || place_in_zh || '）：' || case
        when is_product then '产出的符号是投入'
        else '所用燃料的符号是产出'
    end as detail_zh
from burnt
where case when is_product then energy > 0 else energy < 0 end
