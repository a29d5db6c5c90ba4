-- Which groups of fuels make the energy use?
-- 能源消费由哪些品种组成？
select fuels.fuel_group, round(sum(energy.energy_tce) / 1e6, 1) as energy_mtce
from bi.province_energy as energy
inner join reference.fuels as fuels using (fuel_code)
where energy.region_code = '320000' and energy.year = 2020
group by fuels.fuel_group
having sum(energy.energy_tce) is not null
order by energy_mtce desc;
