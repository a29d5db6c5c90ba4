-- How much electricity is brought in?
-- 净调入多少电力？
select
    year,
    round(net_import_mwh / 1e5, 1) as net_import_100m_kwh,
    round(net_import_mwh / use_mwh, 3) as share_of_use
from bi.province_electricity
where region_code = '320000' and net_import_mwh is not null
order by year;
