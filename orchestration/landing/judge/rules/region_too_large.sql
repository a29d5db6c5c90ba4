-- More energy than any province uses: national figures, or a unit too large by a power of ten.
-- Where only the sum of a group is printed, such as all coal, it counts at the middle coefficient of
-- the group; a total of all energy counts alone.
with group_coefficients as (
    select fuels.fuel_group, median(tce.tce_per_unit) as tce_per_unit
    from fuels
    inner join tce_per_unit as tce on fuels.fuel_code = tce.fuel_code
    where not fuels.is_aggregate
    group by fuels.fuel_group
),

coefficients as (
    select
        fuels.fuel_code,
        coalesce(summed.fuel_group, fuels.fuel_group) as fuel_group,
        fuels.is_aggregate,
        coalesce(tce.tce_per_unit, summed.tce_per_unit) as tce_per_unit
    from fuels
    left join tce_per_unit as tce on fuels.fuel_code = tce.fuel_code
    left join fuel_group_sums on fuels.fuel_code = fuel_group_sums.sum_fuel_code
    left join group_coefficients as summed on fuel_group_sums.fuel_group = summed.fuel_group
),

groups as (
    select
        material.table_id,
        material.region_code,
        material.year,
        material.vintage,
        material.item_code,
        coefficients.fuel_group,
        coefficients.fuel_group not in (select fuel_group from group_coefficients) as is_total,
        sum(material.quantity * coefficients.tce_per_unit) filter (not coefficients.is_aggregate)
            as of_parts,
        max(material.quantity * coefficients.tce_per_unit) filter (coefficients.is_aggregate)
            as of_sums
    from material
    semi join open_cells on material.row_id = open_cells.row_id
    inner join balance_items on material.item_code = balance_items.balance_item
    inner join coefficients on material.fuel_code = coefficients.fuel_code
    inner join regions on material.region_code = regions.region_code
    where
        regions.level <> 'country'
        and balance_items.is_aggregate
        and balance_items.block in ('final', 'total')
    group by
        material.table_id, material.region_code, material.year, material.vintage,
        material.item_code, coefficients.fuel_group
),

totals as (
    select
        table_id,
        region_code,
        year,
        greatest(
            coalesce(sum(greatest(of_parts, of_sums)) filter (not is_total), 0),
            coalesce(max(of_sums) filter (is_total), 0)
        ) as energy_tce
    from groups
    group by table_id, region_code, year, vintage, item_code
)

select
    table_id,
    region_code || ' ' || year || ': ' || round(energy_tce / 1e6) || ' Mtce' as detail,
    region_code || ' ' || year || '年：' || round(energy_tce / 1e4) || ' 万吨标准煤' as detail_zh
from totals
where energy_tce > threshold('province_energy_tce_max')
