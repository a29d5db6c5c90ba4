-- More energy than any province uses: national figures, or a unit too large by a power of ten.
-- Where only a sum of fuels is printed, such as all coal, it counts alone.
with totals as (
    select
        material.table_id,
        material.region_code,
        material.year,
        material.item_code,
        greatest(
            coalesce(sum(material.quantity * tce.tce_per_unit) filter (not fuels.is_aggregate), 0),
            coalesce(max(material.quantity * tce.tce_per_unit) filter (fuels.is_aggregate), 0)
        ) as energy_tce
    from material
    semi join open_cells on material.row_id = open_cells.row_id
    inner join balance_items on material.item_code = balance_items.balance_item
    inner join fuels on material.fuel_code = fuels.fuel_code
    inner join tce_per_unit as tce on material.fuel_code = tce.fuel_code
    inner join regions on material.region_code = regions.region_code
    where
        regions.level <> 'country'
        and balance_items.is_aggregate
        and balance_items.block in ('final', 'total')
    group by
        material.table_id, material.region_code, material.year, material.vintage, material.item_code
)

select
    table_id,
    region_code || ' ' || year || ': ' || round(energy_tce / 1e6) || ' Mtce' as detail,
    region_code || ' ' || year || '年：' || round(energy_tce / 1e4) || ' 万吨标准煤' as detail_zh
from totals
where energy_tce > threshold('province_energy_tce_max')
