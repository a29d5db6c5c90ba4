-- What is the national zero-carbon account of a sample park?
-- 某样本园区的零碳园区核算结果？
select
    year,
    round(net_co2e_t / 1e4, 1) as net_10k_t_co2e,
    round(core_co2_t_per_tce, 2) as core_t_per_tce,
    method_name_zh
from bi.park_account_with_model
where park_id = 'P01'
order by year;
