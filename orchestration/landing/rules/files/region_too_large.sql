-- More energy than any province uses: national figures, or a unit too large by a power of ten.
select
    material.file_number,
    material.region_code || ' ' || material.year || ': '
        || round(sum(material.quantity * tce.tce_per_unit) / 1e6) || ' Mtce' as detail
from material
inner join open_cells as measured on material.cell_id = measured.cell_id
inner join tce_per_unit as tce on material.fuel_code = tce.fuel_code
inner join regions on material.region_code = regions.region_code
where
    regions.level <> 'country'
    and measured.balance_item = 'total_final_consumption'
group by material.file_number, material.region_code, material.year, material.vintage
having sum(material.quantity * tce.tce_per_unit) > threshold('province_energy_tce_max')
