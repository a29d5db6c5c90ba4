-- What do the plain tables have of the energy of cities?
-- 普通表中有哪些市的能源数据？
select count(*) as city_years, count(co2_t) as with_co2
from bi.city_year;
