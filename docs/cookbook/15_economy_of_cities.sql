-- Which city has the largest product?
-- 哪个市生产总值最大？
select region_name_zh, region_name_en, round(gdp_10k_cny / 1e4) as gdp_100m_cny, origin_name_en
from bi.city_economy
where year = 2020
order by gdp_10k_cny desc
limit 5;
