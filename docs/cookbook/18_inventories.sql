-- What do two inventories say of the same city?
-- 两套清单对同一市的估计各是多少？
select
    region_name.label_en as city,
    round(ceads_inventory_co2_t / 1e6, 1) as ceads_mt,
    round(edgar_co2_t / 1e6, 1) as edgar_mt
from emissions.city_inventory_co2 as inventory
inner join reference.codes as region_name
    on
        region_name.column_name = 'region_code'
        and region_name.code = inventory.region_code
where year = 2020
order by inventory.region_code
limit 5;
