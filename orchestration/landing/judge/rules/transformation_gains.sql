-- Transformation loses heat. More out of all processes than went in means that a sign is wrong or
-- a fuel is missing. Asked of tables with every group of fuels; recovered energy comes from none.
with whole as (
    select printed.table_id
    from {{ rows }} as printed
    inner join fuels on printed.fuel_code = fuels.fuel_code
    inner join process_fuel_groups as wanted on fuels.fuel_group = wanted.fuel_group
    where printed.balance_item in (select balance_item from processes)
    group by printed.table_id
    having count(distinct fuels.fuel_group) = (select count(*) from process_fuel_groups)
),

sums as (
    select
        printed.table_id,
        sum(printed.quantity * tce.tce_per_unit) as net_input_tce,
        sum(abs(printed.quantity) * tce.tce_per_unit) as turned_over_tce
    from {{ rows }} as printed
    inner join tce_per_unit as tce on printed.fuel_code = tce.fuel_code
    inner join fuels on printed.fuel_code = fuels.fuel_code and printed.unit = fuels.unit
    where
        printed.table_id in (from whole)
        and printed.item_code in (select balance_item from processes)
    group by printed.table_id
)

select
    table_id,
    'outputs exceed inputs by ' || round(-net_input_tce / 1e4, 2) || ' x 10^4 tce' as detail,
    '产出超过投入 ' || round(-net_input_tce / 1e4, 2) || ' 万吨标准煤' as detail_zh
from sums
where net_input_tce < -1 * threshold('transformation_gain_max') * turned_over_tce
